import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;

/**
 * A benchmark peer: the TWS handshake in a JVM, as lean as it can be written. Connects, says hello, starts the API,
 * and ends when both managedAccounts and nextValidId have come.
 */
public final class Handshake {
  private static final int TIMEOUT_MS = 10_000;
  private static final int LONGEST_FRAME = 1 << 20;
  private static final String START_API = "71";
  private static final String NEXT_VALID_ID = "9";
  private static final String MANAGED_ACCOUNTS = "15";

  public static void main(String[] args) throws IOException {
    if (args.length != 3) {
      System.out.println("usage: java Handshake HOST PORT CLIENT_ID");
      return;
    }
    try (Socket socket = new Socket()) {
      socket.setTcpNoDelay(true);
      socket.setSoTimeout(TIMEOUT_MS);
      socket.connect(new InetSocketAddress(args[0], Integer.parseInt(args[1])), TIMEOUT_MS);
      shakeHands(socket, args[2]);
    }
  }

  private static void shakeHands(Socket socket, String clientId) throws IOException {
    DataOutputStream out = new DataOutputStream(socket.getOutputStream());
    DataInputStream in = new DataInputStream(socket.getInputStream());
    out.write("API\0".getBytes(StandardCharsets.US_ASCII));
    writeFrame(out, "v157..200");
    String serverVersion = readFields(in)[0];
    writeFrame(out, String.join("\0", START_API, "2", clientId, "", ""));
    String accounts = null;
    String nextValidId = null;
    while (accounts == null || nextValidId == null) {
      String[] fields = readFields(in);
      if (fields[0].equals(MANAGED_ACCOUNTS)) accounts = fields[2];
      if (fields[0].equals(NEXT_VALID_ID)) nextValidId = fields[2];
    }
    System.out.println(serverVersion + " " + accounts + " " + nextValidId);
  }

  private static void writeFrame(DataOutputStream out, String payload) throws IOException {
    byte[] bytes = payload.getBytes(StandardCharsets.US_ASCII);
    byte[] frame = new byte[4 + bytes.length];
    for (int i = 0; i < 4; i++) frame[i] = (byte) (bytes.length >>> (24 - 8 * i));
    System.arraycopy(bytes, 0, frame, 4, bytes.length);
    out.write(frame);
    out.flush();
  }

  private static String[] readFields(DataInputStream in) throws IOException {
    int length = in.readInt();
    if (length < 1 || length > LONGEST_FRAME) throw new IOException("a frame of " + length + " bytes");
    byte[] payload = new byte[length];
    in.readFully(payload);
    return new String(payload, StandardCharsets.US_ASCII).split("\0", -1);
  }
}
