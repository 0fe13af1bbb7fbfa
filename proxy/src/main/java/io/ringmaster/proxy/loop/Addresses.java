package io.ringmaster.proxy.loop;

import java.net.InetSocketAddress;
import java.net.SocketAddress;

/** Addresses of sockets as people write them. */
public final class Addresses {

  private Addresses() {}

  /** {@code 127.0.0.1:6379} or {@code [::1]:6379}, without any name. */
  public static String text(SocketAddress address) {
    if (!(address instanceof InetSocketAddress inet)) {
      return "" + address;
    }
    String host = inet.isUnresolved() ? inet.getHostString() : inet.getAddress().getHostAddress();
    return (host.contains(":") ? "[" + host + "]" : host) + ":" + inet.getPort();
  }
}
