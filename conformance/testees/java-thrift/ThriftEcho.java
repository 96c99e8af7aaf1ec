// Echo on Apache Thrift's framed transport in Java: TFramedTransport inside TThreadPoolServer.
// Usage: server --dialect thrift-framed --max-payload BYTES PORT
import java.net.*;
import org.apache.thrift.*;
import org.apache.thrift.protocol.*;
import org.apache.thrift.server.*;
import org.apache.thrift.transport.*;
import org.apache.thrift.transport.layered.TFramedTransport;

public class ThriftEcho {
  public static void main(String[] args) throws Exception {
    if (!args[1].equals("thrift-framed")) System.exit(89);
    int maxPayload = Integer.parseInt(args[3]);
    InetSocketAddress address = new InetSocketAddress("127.0.0.1", Integer.parseInt(args[4]));
    TProcessor echo = ThriftEcho::echo;
    TServerSocket socket = new TServerSocket(new TServerSocket.ServerSocketTransportArgs().bindAddr(address).backlog(1024));
    new TThreadPoolServer(new TThreadPoolServer.Args(socket).processor(echo).transportFactory(new TFramedTransport.Factory(maxPayload))).serve();
  }

  /** Takes one frame as bytes, where generated code would take it as a call. */
  static void echo(TProtocol in, TProtocol out) throws TException {
    byte[] first = new byte[1];
    in.getTransport().readAll(first, 0, 1);
    byte[] rest = new byte[in.getTransport().getBytesRemainingInBuffer()];
    in.getTransport().readAll(rest, 0, rest.length);
    out.getTransport().write(first);
    out.getTransport().write(rest);
    out.getTransport().flush();
  }
}
