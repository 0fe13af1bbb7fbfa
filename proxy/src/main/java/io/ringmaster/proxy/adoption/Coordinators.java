package io.ringmaster.proxy.adoption;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigUtil;
import io.lettuce.core.RedisCommandExecutionException;
import io.lettuce.core.RedisException;
import io.ringmaster.cluster.topology.NodeId;
import io.ringmaster.proxy.health.LettuceFailures;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** The coordinators that are to take the servers over, as clients of theirs see them. */
final class Coordinators {

  private final ServerLinks links;
  private final Access access;
  private final List<NodeId> addresses;

  Coordinators(ServerLinks links, Access access, List<NodeId> addresses) {
    this.links = links;
    this.access = access;
    this.addresses = List.copyOf(addresses);
  }

  List<NodeId> addresses() {
    return addresses;
  }

  /** A connection to the first. */
  ServerLink connect() {
    return links.open(addresses.getFirst(), access);
  }

  /**
   * Returns the findings that keep the coordinators from taking these servers over, the master
   * first.
   */
  List<Finding> inspect(List<NodeId> servers) {
    List<Finding> findings = new ArrayList<>();
    for (NodeId address : addresses) {
      try (ServerLink link = links.open(address, access)) {
        obstacles(link, servers)
            .forEach(found -> findings.add(Finding.obstacle(address + ": " + found)));
      } catch (RedisException e) {
        findings.add(Finding.obstacle(address + ": " + LettuceFailures.reason(e)));
      } catch (AdoptionException e) {
        findings.add(Finding.obstacle("" + e.getMessage()));
      }
    }
    return findings;
  }

  private static List<String> obstacles(ServerLink link, List<NodeId> servers) {
    // It would be too late to hear of it once the Sentinels have forgotten their master.
    if (!mayAdminister(link)) {
      return List.of("the user is no administrator (admin = true in its auth.users)");
    }
    List<String> found = new ArrayList<>();
    Config health = json(link, "KV.HEALTH", "JSON");
    if (!health.hasPath("config-group")) {
      return List.of("it is no coordinator (coordinator.id)");
    }
    if (health.getString("config-group.leader").isEmpty()) {
      found.add("no majority of its coordinators is there");
    }
    Config map = json(link, "CLUSTER.SHARDMAP", "JSON");
    List<? extends Config> shards = map.getConfigList("shards");
    if (shards.size() > 1) {
      found.add("it has several shards: keys would be looked for where they are not");
    }
    Config shard = shards.getFirst();
    if (!shard.getString("state").equals("new")) {
      found.add("its shard %s was adopted before".formatted(shard.getString("id")));
    }
    List<? extends Config> nodes = shard.getConfigList("nodes");
    String leader = nodes.getFirst().getString("address");
    Set<String> configured =
        new TreeSet<>(nodes.stream().map(n -> n.getString("address")).toList());
    Set<String> wanted = new TreeSet<>(servers.stream().map(NodeId::toString).toList());
    if (!configured.equals(wanted) || !leader.equals(servers.getFirst().toString())) {
      found.add(
          "its shard has the leader %s and the nodes %s, not the servers that were found"
              .formatted(leader, configured));
    }
    return found;
  }

  private static boolean mayAdminister(ServerLink link) {
    try {
      return !link.ask("CONFIG", "GET", "port").isEmpty();
    } catch (RedisCommandExecutionException refusal) {
      if (("" + refusal.getMessage()).startsWith("NOPERM")) {
        return false;
      }
      throw refusal;
    }
  }

  /**
   * Returns the reasons why no coordinator would promise anything of these servers yet; empty if
   * all would.
   */
  List<String> unfit() {
    List<String> reasons = new ArrayList<>();
    for (NodeId address : addresses) {
      try (ServerLink link = links.open(address, access)) {
        for (Config node : nodes(json(link, "KV.HEALTH", "JSON"))) {
          String state = node.getString("state");
          String unfit = state.equals("up") ? node.getString("unfit") : "it is " + state;
          if (!unfit.isEmpty()) {
            reasons.add("%s: %s: %s".formatted(address, node.getString("address"), unfit));
          }
        }
      }
    }
    return reasons;
  }

  private static List<Config> nodes(Config health) {
    List<Config> nodes = new ArrayList<>();
    for (Config shard : health.getConfigList("shards")) {
      nodes.addAll(shard.getConfigList("nodes"));
    }
    return nodes;
  }

  /** The id of the shard. */
  static String shard(ServerLink link) {
    return json(link, "CLUSTER.SHARDMAP", "JSON")
        .getConfigList("shards")
        .getFirst()
        .getString("id");
  }

  /** Returns what the shard lacks until it serves. */
  static String waitsFor(ServerLink link) {
    return json(link, "KV.HEALTH", "JSON")
        .getConfigList("shards")
        .getFirst()
        .getString(ConfigUtil.quoteString("waits-for"));
  }

  private static Config json(ServerLink link, String... words) {
    return ConfigFactory.parseString(link.text(words));
  }
}
