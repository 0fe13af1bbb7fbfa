package io.ringmaster.it.differential;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;

/** Passes one connection on to another port, and changes the last letter of one reply. */
final class Distorter implements AutoCloseable {

  private final ServerSocket listening = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
  private final Socket target;
  private final Thread relay;

  /**
   * @param after how many bytes of replies are left as they are, at least
   */
  Distorter(int port, int after) throws IOException {
    target = new Socket(InetAddress.getLoopbackAddress(), port);
    relay = Thread.ofVirtual().start(() -> relay(after));
  }

  int port() {
    return listening.getLocalPort();
  }

  private void relay(int after) {
    try (Socket client = listening.accept()) {
      Thread requests = Thread.ofVirtual().start(() -> copy(client, target, Integer.MAX_VALUE));
      copy(target, client, after);
      requests.join();
    } catch (IOException | InterruptedException e) {
      // The test has closed it.
    }
  }

  private static void copy(Socket from, Socket to, int after) {
    byte[] buffer = new byte[64 * 1024];
    int left = after;
    try {
      InputStream in = from.getInputStream();
      OutputStream out = to.getOutputStream();
      for (int length = in.read(buffer); length > 0; length = in.read(buffer)) {
        if (left >= 0 && left < length) {
          left = distort(buffer, length) ? -1 : left;
        } else if (left > 0) {
          left -= length;
        }
        out.write(buffer, 0, length);
      }
    } catch (IOException e) {
      // The test has closed it.
    }
  }

  /** Changes the first status {@code +OK}, which keeps every reply's length. */
  private static boolean distort(byte[] buffer, int length) {
    for (int i = 0; i + 2 < length; i++) {
      if (buffer[i] == '+' && buffer[i + 1] == 'O' && buffer[i + 2] == 'K') {
        buffer[i + 2] = 'k';
        return true;
      }
    }
    return false;
  }

  @Override
  public void close() throws IOException {
    listening.close();
    target.close();
    relay.interrupt();
  }
}
