package io.ringmaster.protocol.ports;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Ports for servers that must know them before they listen. None is given twice in this process,
 * and all lie below those that the kernel gives to outgoing connections: neither another server of
 * the same test nor a passing connection takes one before its server listens.
 */
public final class FreePorts {

  private static final int FIRST = 10_000;
  private static final int COUNT = 22_000;

  /** Test processes side by side begin far apart. */
  private static final AtomicInteger NEXT =
      new AtomicInteger((int) (ProcessHandle.current().pid() * 613 % COUNT));

  private FreePorts() {}

  /** A port of the loopback interface where nothing listens. */
  public static int next() {
    for (int tried = 0; tried < COUNT; tried++) {
      int port = FIRST + Math.floorMod(NEXT.getAndIncrement(), COUNT);
      if (isFree(port)) {
        return port;
      }
    }
    throw new IllegalStateException("no free port");
  }

  private static boolean isFree(int port) {
    try (ServerSocket probe = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
      return probe.isBound();
    } catch (IOException taken) {
      return false;
    }
  }
}
