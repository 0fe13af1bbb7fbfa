package io.ringmaster.proxy.config;

import io.netty.util.NetUtil;
import io.ringmaster.cluster.topology.InvalidTopologyException;
import io.ringmaster.cluster.topology.NodeId;
import java.net.InetAddress;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A host and a port as they stand in a configuration or a command; nothing is resolved. An IPv6
 * address has one form only, the shortest, as Redis prints it, so that two are equal if they mean
 * the same; one that stands for an IPv4 address is that address.
 *
 * @param host host name, IPv4 or IPv6 address, the last without brackets
 * @param port 1 to 65535
 */
public record Address(String host, int port) {
  /** What {@link #parse} accepts, in words for a message. */
  static final String FORM = "host:port or [IPv6]:port, port 1 to 65535";

  private static final Pattern HOST = Pattern.compile("[A-Za-z0-9_]([A-Za-z0-9_.-]{0,252})");
  private static final Pattern IPV6 =
      Pattern.compile("(?=.*:.*:)([0-9A-Fa-f:.]{2,45})(%[A-Za-z0-9._-]+)?");
  private static final Pattern PORT = Pattern.compile("[0-9]{1,5}");

  /** Takes the host in any form. */
  public Address {
    host = host(host).orElse(host);
  }

  /** Reads {@code host:port} or {@code [IPv6]:port}; empty when the text is neither. */
  public static Optional<Address> parse(String text) {
    int colon = text.lastIndexOf(':');
    if (colon < 0 || !PORT.matcher(text.substring(colon + 1)).matches()) {
      return Optional.empty();
    }
    String host = text.substring(0, colon);
    int port = Integer.parseInt(text.substring(colon + 1));
    boolean ends = host.indexOf(':') < 0 || host.startsWith("[");
    return host(host)
        .filter(found -> ends && port >= 1 && port <= 65535)
        .map(found -> new Address(found, port));
  }

  /**
   * Reads a node's address as somebody has typed it.
   *
   * @throws InvalidTopologyException if the text is none
   */
  public static NodeId node(String text) {
    NodeId typed = NodeId.parse(text);
    return new NodeId(host(typed.host()).orElse(typed.host()), typed.port());
  }

  /**
   * Reads a host name or an IP address; IPv6 with or without brackets, which the result never has.
   * Empty when the text is neither.
   */
  public static Optional<String> host(String text) {
    if (text.startsWith("[") && text.endsWith("]")) {
      return ipv6(text.substring(1, text.length() - 1));
    }
    return HOST.matcher(text).matches() ? Optional.of(text) : ipv6(text);
  }

  private static Optional<String> ipv6(String text) {
    Matcher parts = IPV6.matcher(text);
    if (!parts.matches()) {
      return Optional.empty();
    }
    InetAddress address = NetUtil.createInetAddressFromIpAddressString(parts.group(1));
    String zone = parts.group(2) == null ? "" : parts.group(2);
    return Optional.ofNullable(address).map(found -> NetUtil.toAddressString(found) + zone);
  }

  @Override
  public String toString() {
    return host.indexOf(':') < 0 ? host + ":" + port : "[" + host + "]:" + port;
  }
}
