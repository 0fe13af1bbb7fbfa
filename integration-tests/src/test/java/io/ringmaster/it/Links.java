package io.ringmaster.it;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Function;

/**
 * The network between processes: a relay for each that connects and each that is connected to. What
 * one sends to another can be held up, as where packets are lost: nothing is refused or closed, and
 * what was under way arrives once the link is healed.
 *
 * <p>Coordinators know each other by name, and each has a hosts file of its own, in which a name
 * stands for the relay between the two. Servers are known to all by one address, and the relay
 * there finds out who it is that connects.
 */
final class Links implements AutoCloseable {

  private record Link(String from, String to) {}

  private final Set<Link> cut = new HashSet<>();
  private final List<ServerSocket> relays = new ArrayList<>();
  private final ConcurrentLinkedQueue<Socket> sockets = new ConcurrentLinkedQueue<>();

  /** Lets {@code from} reach {@code to}, which listens on a port of loopback; the relay's host. */
  String open(String from, int fromNumber, String to, int toNumber, int port) {
    String host = "127.1." + fromNumber + "." + toNumber;
    open(host, port, near -> from, to);
    return host;
  }

  /** Lets all reach {@code to} at {@code host}; {@code sources} tells who it is that connects. */
  void open(String host, int port, Function<Socket, String> sources, String to) {
    try {
      ServerSocket relay = new ServerSocket(port, 100, InetAddress.getByName(host));
      relays.add(relay);
      Thread.ofVirtual().start(() -> accept(relay, sources, to, port));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void accept(ServerSocket relay, Function<Socket, String> sources, String to, int port) {
    try {
      while (true) {
        Socket near = relay.accept();
        sockets.add(near);
        Thread.ofVirtual().start(() -> connect(near, new Link(sources.apply(near), to), port));
      }
    } catch (IOException closed) {
      // The test is over.
    }
  }

  private void connect(Socket near, Link link, int port) {
    try {
      awaitOpen(link);
      Socket far = new Socket();
      sockets.add(far);
      far.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
      Thread.ofVirtual().start(() -> pump(near, far, link));
      pump(far, near, new Link(link.to(), link.from()));
    } catch (IOException | InterruptedException refused) {
      close(near);
    }
  }

  private void pump(Socket source, Socket target, Link link) {
    byte[] bytes = new byte[16384];
    try {
      for (int count = source.getInputStream().read(bytes);
          count >= 0;
          count = source.getInputStream().read(bytes)) {
        awaitOpen(link);
        target.getOutputStream().write(bytes, 0, count);
      }
      awaitOpen(link);
    } catch (IOException | InterruptedException broken) {
      // Both ends learn of it below.
    }
    close(source);
    close(target);
  }

  private synchronized void awaitOpen(Link link) throws InterruptedException {
    while (cut.contains(link)) {
      wait();
    }
  }

  /** Nothing that {@code from} sends arrives at any of {@code to}: no request, and no reply. */
  synchronized void cut(List<String> from, List<String> to) {
    from.forEach(source -> to.forEach(target -> cut.add(new Link(source, target))));
  }

  /** Everything arrives again. */
  synchronized void heal() {
    cut.clear();
    notifyAll();
  }

  private static void close(Socket socket) {
    try {
      socket.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    heal();
    for (ServerSocket relay : relays) {
      try {
        relay.close();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
    sockets.forEach(Links::close);
  }
}
