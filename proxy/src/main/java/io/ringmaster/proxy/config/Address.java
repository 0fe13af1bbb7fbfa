package io.ringmaster.proxy.config;

import java.util.Optional;
import java.util.regex.Pattern;

/**
 * A host and a port as they stand in a configuration; nothing is resolved.
 *
 * @param host host name, IPv4 or IPv6 address, the last without brackets
 * @param port 1 to 65535
 */
public record Address(String host, int port) {
  /** What {@link #parse} accepts, in words for a message. */
  static final String FORM = "host:port or [IPv6]:port, port 1 to 65535";

  private static final Pattern HOST = Pattern.compile("[A-Za-z0-9_]([A-Za-z0-9_.-]{0,252})");
  private static final Pattern IPV6 =
      Pattern.compile("(?=.*:.*:)[0-9A-Fa-f:.]{2,45}(%[A-Za-z0-9]+)?");
  private static final Pattern PORT = Pattern.compile("[0-9]{1,5}");

  /** Reads {@code host:port} or {@code [IPv6]:port}; empty when the text is neither. */
  public static Optional<Address> parse(String text) {
    int colon = text.lastIndexOf(':');
    if (colon < 0 || !PORT.matcher(text.substring(colon + 1)).matches()) {
      return Optional.empty();
    }
    int port = Integer.parseInt(text.substring(colon + 1));
    return host(text.substring(0, colon))
        .filter(host -> port >= 1 && port <= 65535)
        .map(host -> new Address(host, port));
  }

  /** Whether the text can be a host name or an IP address, the latter without brackets. */
  static boolean isHost(String text) {
    return HOST.matcher(text).matches() || IPV6.matcher(text).matches();
  }

  private static Optional<String> host(String text) {
    if (text.startsWith("[") && text.endsWith("]")) {
      return Optional.of(text.substring(1, text.length() - 1)).filter(IPV6.asMatchPredicate());
    }
    return Optional.of(text).filter(HOST.asMatchPredicate());
  }

  @Override
  public String toString() {
    return host.indexOf(':') < 0 ? host + ":" + port : "[" + host + "]:" + port;
  }
}
