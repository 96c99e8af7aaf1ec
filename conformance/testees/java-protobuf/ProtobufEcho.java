// Echo on protobuf-java's parseDelimitedFrom, a thread for each connection. It knows no limit, so --max-payload has no effect.
// Usage: server --dialect protobuf-delimited --max-payload BYTES PORT
import com.google.protobuf.*;
import java.io.*;
import java.net.*;

public class ProtobufEcho {
  /** Keeps a message's bytes as they are in a BytesValue, as the payloads sent are no messages. */
  static final AbstractParser<BytesValue> RAW = new AbstractParser<>() {
    @Override public BytesValue parsePartialFrom(InputStream input, ExtensionRegistryLite registry) throws InvalidProtocolBufferException {
      try {
        return BytesValue.of(ByteString.readFrom(input));
      } catch (IOException failed) {
        throw new InvalidProtocolBufferException(failed);
      }
    }
    @Override public BytesValue parsePartialFrom(CodedInputStream input, ExtensionRegistryLite registry) {
      throw new UnsupportedOperationException();
    }
  };

  public static void main(String[] args) throws IOException {
    if (!args[1].equals("protobuf-delimited")) System.exit(89);
    ServerSocket listener = new ServerSocket(Integer.parseInt(args[4]), 1024, InetAddress.getLoopbackAddress());
    while (true) {
      Socket connection = listener.accept();
      new Thread(() -> echo(connection)).start();
    }
  }

  static void echo(Socket connection) {
    try (connection) {
      InputStream in = new BufferedInputStream(connection.getInputStream());
      CodedOutputStream out = CodedOutputStream.newInstance(connection.getOutputStream());
      for (BytesValue message; (message = RAW.parseDelimitedFrom(in)) != null; out.flush()) out.writeByteArrayNoTag(message.getValue().toByteArray());
    } catch (IOException ended) {
      // The end of the stream in a message, or a length that is none: the connection is closed.
    }
  }
}
