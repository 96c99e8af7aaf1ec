import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;

/**
 * An int32 echo server with a thread for each connection and at most one planted defect: it makes an array of the
 * announced length before the bytes are there. Right, its buffer grows with what arrives.
 *
 * <p>usage: java ReservingServer.java PORT --defect none|reserves
 */
public final class ReservingServer {
    private static final int PAYLOAD_MAX = 16 << 20;
    private static final int RECEIVE_SIZE = 64 * 1024;

    private static byte[] read(DataInputStream in, int size, boolean reserves) throws IOException {
        if (reserves) {
            byte[] payload = new byte[size];
            in.readFully(payload);
            return payload;
        }
        ByteArrayOutputStream payload = new ByteArrayOutputStream();
        byte[] piece = new byte[Math.min(size, RECEIVE_SIZE)];
        while (payload.size() < size) {
            int got = in.read(piece, 0, Math.min(piece.length, size - payload.size()));
            if (got < 0) {
                throw new EOFException();
            }
            payload.write(piece, 0, got);
        }
        return payload.toByteArray();
    }

    private static void serve(Socket socket, boolean reserves) {
        try (socket) {
            socket.setTcpNoDelay(true);
            echo(socket, reserves);
            // A close over unread bytes would be a reset, which destroys the last answers.
            socket.shutdownOutput();
            socket.setSoTimeout(1000);
            InputStream unread = socket.getInputStream();
            byte[] rest = new byte[RECEIVE_SIZE];
            while (unread.read(rest) >= 0) {
                // Thrown away.
            }
        } catch (IOException ended) {
            // The peer's doing.
        }
    }

    private static void echo(Socket socket, boolean reserves) throws IOException {
        DataInputStream in = new DataInputStream(socket.getInputStream());
        OutputStream out = socket.getOutputStream();
        try {
            while (true) {
                int prefix = in.readInt();
                int size = Integer.reverseBytes(prefix);
                if (size < 0 || size > PAYLOAD_MAX) {
                    return;
                }
                byte[] payload = read(in, size, reserves);
                byte[] answer = new byte[4 + size];
                answer[0] = (byte) (prefix >> 24);
                answer[1] = (byte) (prefix >> 16);
                answer[2] = (byte) (prefix >> 8);
                answer[3] = (byte) prefix;
                System.arraycopy(payload, 0, answer, 4, size);
                out.write(answer);
            }
        } catch (EOFException end) {
            // Between two frames or inside one: no answer either way.
        }
    }

    public static void main(String[] args) throws IOException {
        if (args.length != 3 || !args[1].equals("--defect") || !args[2].matches("none|reserves")) {
            System.err.println("usage: java ReservingServer.java PORT --defect none|reserves");
            System.exit(2);
        }
        boolean reserves = args[2].equals("reserves");
        try (ServerSocket listener =
                new ServerSocket(Integer.parseInt(args[0]), 1024, InetAddress.getLoopbackAddress())) {
            while (true) {
                Socket socket = listener.accept();
                new Thread(() -> serve(socket, reserves)).start();
            }
        }
    }
}
