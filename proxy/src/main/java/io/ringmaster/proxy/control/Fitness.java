package io.ringmaster.proxy.control;

import io.ringmaster.cluster.topology.Node;
import io.ringmaster.cluster.topology.Shard;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Whether a leader can keep what it promises above level {@code async}. Its wait for replicas
 * counts whoever is attached, so nobody else may be; evicted markers prove nothing; and whoever
 * else promotes replicas does so behind the proxy's back.
 */
final class Fitness {

  /** The parameters that it looks at. */
  static final List<String> CONFIGURATION =
      List.of("appendonly", "appendfsync", "no-appendfsync-on-rewrite");

  private static final Pattern REPLICA = Pattern.compile("ip=([^,]+),port=(\\d+),.*");
  private static final Pattern SENTINEL = Pattern.compile("(?m)\\bname=sentinel-\\S+");

  private final Supplier<Optional<Shard>> shard;

  /** {@code shard} is the leader's shard as of now. */
  Fitness(Supplier<Optional<Shard>> shard) {
    this.shard = shard;
  }

  /**
   * Why the leader is not fit; empty if it is.
   *
   * @param info what it answers to {@code INFO}
   * @param clients what it answers to {@code CLIENT LIST}
   */
  String reason(Map<String, String> info, String clients) {
    String policy = info.getOrDefault("maxmemory_policy", "noeviction");
    if (policy.startsWith("allkeys-")) {
      return "its maxmemory-policy " + policy + " may evict the marker";
    }
    if (SENTINEL.matcher(clients).find()) {
      return "a Sentinel watches it";
    }
    String stranger = stranger(info);
    return stranger.isEmpty() ? "" : "a replica is attached that is not of this shard: " + stranger;
  }

  /** Whether a server so configured has every write on its disk before it answers it. */
  static boolean syncsEachWrite(Map<String, String> configuration) {
    return "yes".equals(configuration.get("appendonly"))
        && "always".equals(configuration.get("appendfsync"))
        && "no".equals(configuration.get("no-appendfsync-on-rewrite"));
  }

  private String stranger(Map<String, String> info) {
    Set<String> own = null;
    for (Map.Entry<String, String> field : info.entrySet()) {
      Matcher replica = REPLICA.matcher(field.getValue());
      if (field.getKey().matches("slave\\d+") && replica.matches()) {
        own = own == null ? addresses() : own;
        String address = replica.group(1) + ":" + replica.group(2);
        if (!own.contains(address)) {
          return address;
        }
      }
    }
    return "";
  }

  /** The shard's nodes by address, as a leader sees them, and by name. */
  private Set<String> addresses() {
    Set<String> addresses = new HashSet<>();
    List<Node> nodes = shard.get().map(Shard::nodes).orElse(List.of());
    for (Node node : nodes) {
      String port = ":" + node.id().port();
      addresses.add(node.id().host() + port);
      try {
        for (InetAddress address : InetAddress.getAllByName(node.id().host())) {
          addresses.add(address.getHostAddress() + port);
        }
      } catch (UnknownHostException unknown) {
        // Then no leader can know it by an address of that name either.
        addresses.add(node.id().host() + port);
      }
    }
    return addresses;
  }
}
