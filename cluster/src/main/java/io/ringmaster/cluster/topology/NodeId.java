package io.ringmaster.cluster.topology;

import static io.ringmaster.cluster.topology.InvalidTopologyException.require;

/**
 * The address of one backend server.
 *
 * @param host name or address; IPv6 without brackets
 * @param port TCP port
 */
public record NodeId(String host, int port) {

  /**
   * @throws InvalidTopologyException if the host is empty or the port is not in 1..65535
   */
  public NodeId {
    require(!host.isBlank(), "a node needs a host");
    require(
        host.chars().noneMatch(c -> c <= ' ' || c == '[' || c == ']'), "no host: '" + host + "'");
    require(port >= 1 && port <= 65535, "port " + port + " is not in 1..65535");
  }

  /**
   * Reads {@code host:port}; an IPv6 address stands in brackets.
   *
   * @throws InvalidTopologyException if the text is something else
   */
  public static NodeId parse(String text) {
    int colon = text.lastIndexOf(':');
    require(colon > 0, "'" + text + "' is not host:port");
    String host = text.substring(0, colon);
    if (host.startsWith("[") && host.endsWith("]")) {
      host = host.substring(1, host.length() - 1);
    } else {
      require(host.indexOf(':') < 0, "'" + text + "': an IPv6 address stands in brackets");
    }
    String port = text.substring(colon + 1);
    require(port.matches("[0-9]{1,5}"), "'" + text + "' is not host:port");
    return new NodeId(host, Integer.parseInt(port));
  }

  /** {@code host:port}, an IPv6 address in brackets. */
  @Override
  public String toString() {
    return host.indexOf(':') < 0 ? host + ":" + port : "[" + host + "]:" + port;
  }
}
