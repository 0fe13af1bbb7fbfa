package io.ringmaster.it.differential;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;

/** A connection to a server: raw requests, raw replies. */
final class Endpoint implements AutoCloseable {

  private final Socket socket;
  private final InputStream in;

  Endpoint(int port, int version) throws IOException {
    socket = new Socket(InetAddress.getLoopbackAddress(), port);
    socket.setTcpNoDelay(true);
    socket.setSoTimeout(60_000);
    in = new BufferedInputStream(socket.getInputStream(), 64 * 1024);
    if (call(Request.of("HELLO", "" + version)).isError()) {
      throw new IOException("no HELLO");
    }
  }

  /** Sends all requests at once. */
  void send(List<Request> requests) throws IOException {
    ByteArrayOutputStream frames = new ByteArrayOutputStream();
    requests.forEach(request -> frames.writeBytes(request.frame()));
    socket.getOutputStream().write(frames.toByteArray());
  }

  List<Answer> receive(int count) throws IOException {
    List<Answer> answers = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      answers.add(Answer.read(in));
    }
    return answers;
  }

  Answer call(Request request) throws IOException {
    send(List.of(request));
    return receive(1).getFirst();
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
