package io.ringmaster.cluster.topology;

/** Address of a server. */
public record NodeId(String host, int port) {

  @Override
  public String toString() {
    return host.indexOf(':') >= 0 ? "[" + host + "]:" + port : host + ":" + port;
  }
}
