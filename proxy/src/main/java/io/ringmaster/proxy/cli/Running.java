package io.ringmaster.proxy.cli;

import io.netty.util.NetUtil;
import io.ringmaster.proxy.ProxyServer;
import io.ringmaster.proxy.config.Settings;
import io.ringmaster.proxy.demo.DemoException;
import io.ringmaster.proxy.loop.Addresses;
import java.io.PrintWriter;
import java.net.InetSocketAddress;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.CountDownLatch;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Everything that one command has started. A signal stops it, the last started first, and so does
 * {@link #close}; the other of the two waits until that is done.
 */
final class Running implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(Running.class);

  private final Deque<AutoCloseable> started = new ArrayDeque<>();
  private final CountDownLatch stopping = new CountDownLatch(1);
  private Runnable beforeReady = () -> {};

  Running() {
    Runtime.getRuntime().addShutdownHook(new Thread(this::close, "stop"));
  }

  /** Takes over something that was started; ends it at once when everything is already stopping. */
  synchronized <T extends AutoCloseable> T add(T resource) {
    started.push(resource);
    if (stopping.getCount() == 0) {
      close();
    }
    return resource;
  }

  /** Has {@code task} run when the proxy has started, before it is said to be ready. */
  void whenReady(Runnable task) {
    beforeReady = task;
  }

  /**
   * Starts the proxy, says so in one line, and returns the exit code once everything is to stop.
   */
  int serve(Settings settings, PrintWriter out) {
    InetSocketAddress address = add(ProxyServer.start(settings)).address();
    beforeReady.run();
    String host = NetUtil.toAddressString(address.getAddress());
    out.printf("connect with: redis-cli -h %s -p %d%n", host, address.getPort());
    out.printf("ringmaster ready on %s%n", Addresses.text(address));
    out.flush();
    try {
      stopping.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    return 0;
  }

  @Override
  public synchronized void close() {
    stopping.countDown();
    while (!started.isEmpty()) {
      try {
        started.pop().close();
      } catch (DemoException e) {
        System.err.println("ringmaster: while stopping: " + e.getMessage());
      } catch (Exception e) {
        LOG.error("while stopping: an error in Ringmaster itself, please report it", e);
      }
    }
  }
}
