package io.ringmaster.proxy.wire;

import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;

/** A client that sends what it is told and reads whole replies as the text they came in. */
public final class RawClient implements AutoCloseable {

  private static final int PATIENCE_MILLIS = 30_000;

  private final Socket socket;
  private final InputStream in;

  /** Connects to that port of this machine. */
  public RawClient(int port) {
    this("127.0.0.1", port, 0);
  }

  /** Connects to that port of that address. */
  public RawClient(String host, int port) {
    this(host, port, 0);
  }

  /** The same with room for so many bytes that it has not read; 0 is the usual one. */
  public RawClient(int port, int receiveBuffer) {
    this("127.0.0.1", port, receiveBuffer);
  }

  private RawClient(String host, int port, int receiveBuffer) {
    try {
      socket = new Socket();
      if (receiveBuffer > 0) {
        socket.setReceiveBufferSize(receiveBuffer);
      }
      socket.connect(new InetSocketAddress(InetAddress.getByName(host), port));
      socket.setTcpNoDelay(true);
      socket.setSoTimeout(PATIENCE_MILLIS);
      in = new BufferedInputStream(socket.getInputStream());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Sends these bytes. */
  public RawClient send(byte[] bytes) {
    try {
      socket.getOutputStream().write(bytes);
      return this;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Sends {@code text}, a byte for each character. */
  public RawClient send(String text) {
    return send(text.getBytes(StandardCharsets.ISO_8859_1));
  }

  /** Sends an inline command and returns its reply. */
  public String call(String line) {
    return send(line + "\r\n").reply();
  }

  /** The next whole reply, with its line ends. */
  public String reply() {
    try {
      StringBuilder reply = new StringBuilder();
      read(reply);
      return reply.toString();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Ends the connection as a client does that has crashed. */
  public void reset() {
    try {
      socket.setSoLinger(true, 0);
      socket.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Tells the other side that nothing more will be sent. */
  public void endOfRequests() {
    try {
      socket.shutdownOutput();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The next {@code length} bytes, or fewer if the connection ends. */
  public String some(int length) {
    try {
      return new String(in.readNBytes(length), StandardCharsets.ISO_8859_1);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Everything until the connection ends. */
  public String rest() {
    try {
      return new String(in.readAllBytes(), StandardCharsets.ISO_8859_1);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Own address as the other side sees it. */
  public String address() {
    InetSocketAddress local = (InetSocketAddress) socket.getLocalSocketAddress();
    return local.getAddress().getHostAddress() + ":" + local.getPort();
  }

  private void read(StringBuilder reply) throws IOException {
    String line = line();
    reply.append(line).append("\r\n");
    char type = line.charAt(0);
    if ("$=!".indexOf(type) >= 0 && !line.startsWith("$-")) {
      byte[] body = in.readNBytes(Integer.parseInt(line.substring(1)) + 2);
      reply.append(new String(body, StandardCharsets.ISO_8859_1));
    } else if ("*~>%".indexOf(type) >= 0) {
      int elements = Integer.parseInt(line.substring(1)) * (type == '%' ? 2 : 1);
      for (int i = 0; i < elements; i++) {
        read(reply);
      }
    }
  }

  private String line() throws IOException {
    StringBuilder line = new StringBuilder();
    int c = in.read();
    while (c != '\n') {
      if (c < 0) {
        throw new EOFException("the connection ended after '" + line + "'");
      }
      line.append((char) c);
      c = in.read();
    }
    return line.substring(0, line.length() - 1);
  }

  @Override
  public void close() {
    try {
      socket.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
