package io.ringmaster.proxy.loop;

import io.netty.util.NetUtil;
import java.net.InetSocketAddress;
import java.net.SocketAddress;

/** Addresses of sockets as Redis prints them. */
public final class Addresses {

  private Addresses() {}

  /** {@code 127.0.0.1:6379} or {@code [::1]:6379}, without any name. */
  public static String text(SocketAddress address) {
    return address instanceof InetSocketAddress inet
        ? NetUtil.toSocketAddressString(inet)
        : "" + address;
  }
}
