// Echo on Java's standard library: DataInputStream and DataOutputStream, a thread for each connection.
// Usage: server --dialect NAME --max-payload BYTES PORT
import java.io.*;
import java.net.*;
import java.util.Map;

public class JavaEcho {
  interface ReadLength { long from(DataInputStream in) throws IOException; }
  interface WriteLength { void to(DataOutputStream out, int size) throws IOException; }
  record Length(ReadLength read, WriteLength write) {}

  static final Map<String, Length> LENGTHS = Map.of(
      "int32be", new Length(DataInputStream::readInt, DataOutputStream::writeInt),
      "int64be", new Length(DataInputStream::readLong, DataOutputStream::writeLong),
      "uint16be", new Length(DataInputStream::readUnsignedShort, DataOutputStream::writeShort));

  public static void main(String[] args) throws IOException {
    Length length = LENGTHS.get(args[1]);
    if (length == null) System.exit(89);
    int maxPayload = Integer.parseInt(args[3]);
    ServerSocket listener = new ServerSocket(Integer.parseInt(args[4]), 1024, InetAddress.getLoopbackAddress());
    while (true) {
      Socket connection = listener.accept();
      new Thread(() -> echo(connection, length, maxPayload)).start();
    }
  }

  static void echo(Socket connection, Length length, int maxPayload) {
    try (connection) {
      DataInputStream in = new DataInputStream(new BufferedInputStream(connection.getInputStream()));
      DataOutputStream out = new DataOutputStream(new BufferedOutputStream(connection.getOutputStream()));
      while (true) {
        long size = length.read().from(in);
        if (size < 0 || size > maxPayload) return;
        byte[] payload = in.readNBytes((int) size);
        if (payload.length < size) return;
        length.write().to(out, payload.length);
        out.write(payload);
        out.flush();
      }
    } catch (IOException ended) {
      // The end of the stream, in a length or between two frames, is an EOFException: the connection is closed.
    }
  }
}
