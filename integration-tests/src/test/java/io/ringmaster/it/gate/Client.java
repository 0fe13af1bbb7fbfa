package io.ringmaster.it.gate;

import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/**
 * One connection to a server. Replies are texts: an error begins with {@code -}, nothing is {@code
 * nil}, a list is {@code [a, b]}.
 */
final class Client implements AutoCloseable {

  private final Socket socket;
  private final InputStream in;

  Client(int port) throws IOException {
    socket = new Socket(InetAddress.getLoopbackAddress(), port);
    socket.setTcpNoDelay(true);
    socket.setSoTimeout(30_000);
    in = new BufferedInputStream(socket.getInputStream(), 64 * 1024);
  }

  String call(String... words) throws IOException {
    send(words);
    return receive();
  }

  void send(String... words) throws IOException {
    write(frame(words));
  }

  /** Sends the same request {@code count} times, in one piece. */
  void sendTimes(int count, String... words) throws IOException {
    write(frame(words).repeat(count));
  }

  /** Sends the requests in one piece. */
  void sendTogether(List<String[]> requests) throws IOException {
    write(requests.stream().map(Client::frame).collect(Collectors.joining()));
  }

  List<String> receive(int count) throws IOException {
    List<String> replies = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      replies.add(receive());
    }
    return replies;
  }

  String receive() throws IOException {
    String line = line();
    return switch (line.charAt(0)) {
      case '+', ':' -> line.substring(1);
      case '-' -> line;
      case '$' -> line.equals("$-1") ? "nil" : text(length(line));
      case '*' -> line.equals("*-1") ? "nil" : "" + receive(length(line));
      default -> throw new IOException("no reply: " + line);
    };
  }

  /** All replies until the server ends the connection. */
  List<String> receiveUntilEnded() throws IOException {
    List<String> replies = new ArrayList<>();
    try {
      while (true) {
        replies.add(receive());
      }
    } catch (EOFException | SocketException ended) {
      return replies;
    }
  }

  /** One line without its end. */
  String line() throws IOException {
    StringBuilder line = new StringBuilder();
    for (int next = read(); next != '\r'; next = read()) {
      line.append((char) next);
    }
    read();
    return line.toString();
  }

  int read() throws IOException {
    int next = in.read();
    if (next < 0) {
      throw new EOFException("the server ended the connection");
    }
    return next;
  }

  void skip(int count) throws IOException {
    in.skipNBytes(count);
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }

  /** So many bytes and the end of the line. */
  String text(int length) throws IOException {
    String text = new String(in.readNBytes(length), StandardCharsets.ISO_8859_1);
    skip(2);
    return text;
  }

  /** The number behind the first character. */
  static int length(String line) {
    return Integer.parseInt(line.substring(1));
  }

  private void write(String frames) throws IOException {
    socket.getOutputStream().write(frames.getBytes(StandardCharsets.ISO_8859_1));
  }

  private static String frame(String... words) {
    StringBuilder frame = new StringBuilder("*" + words.length + "\r\n");
    for (String word : words) {
      frame.append('$').append(word.length()).append("\r\n").append(word).append("\r\n");
    }
    return frame.toString();
  }
}
