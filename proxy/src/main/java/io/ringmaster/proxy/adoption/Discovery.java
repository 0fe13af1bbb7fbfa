package io.ringmaster.proxy.adoption;

import io.lettuce.core.RedisException;
import io.ringmaster.cluster.topology.NodeId;
import io.ringmaster.protocol.InfoFields;
import io.ringmaster.proxy.health.LettuceFailures;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/** Finds the master that is meant, by its own address or by that of a Sentinel. */
final class Discovery {

  private final ServerLinks links;
  private final Access servers;
  private final Access sentinels;

  Discovery(ServerLinks links, Access servers, Access sentinels) {
    this.links = links;
    this.servers = servers;
    this.sentinels = sentinels;
  }

  /**
   * The master.
   *
   * @param from its address, or that of a Sentinel
   * @param name what Sentinels call it; empty if they know only one
   * @throws AdoptionException if there is none
   */
  Origin find(NodeId from, String name) {
    Optional<Origin> watched = askSentinel(from, name);
    if (watched.isPresent()) {
      return watched.get();
    }
    try (ServerLink link = links.open(from, servers)) {
      Map<String, String> info = InfoFields.parse(link.text("INFO", "replication"));
      if ("slave".equals(info.get("role"))) {
        throw new AdoptionException(
            "%s is a replica; name its master, %s:%s"
                .formatted(from, info.get("master_host"), info.get("master_port")));
      }
      return new Origin(from, Optional.empty());
    } catch (RedisException e) {
      throw failed(from, e);
    }
  }

  /** Empty if it is no Sentinel. */
  private Optional<Origin> askSentinel(NodeId from, String name) {
    Access first = sentinels.password().isEmpty() ? servers : sentinels;
    try (ServerLink link = openAny(from, first)) {
      String mode = InfoFields.parse(link.text("INFO", "server")).getOrDefault("redis_mode", "");
      return mode.equals("sentinel") ? Optional.of(watched(link, name)) : Optional.empty();
    } catch (RedisException e) {
      throw failed(from, e);
    }
  }

  /** A Sentinel without a password refuses a login, and a server may have another than it. */
  private ServerLink openAny(NodeId from, Access first) {
    try {
      return links.open(from, first);
    } catch (AdoptionException refused) {
      return links.open(from, first.equals(servers) ? sentinels : servers);
    }
  }

  private static AdoptionException failed(NodeId node, RedisException e) {
    return new AdoptionException(node + ": " + LettuceFailures.reason(e), e);
  }

  private static Origin watched(ServerLink link, String name) {
    Map<String, String> master = master(link, name);
    String found = field(master, "name");
    List<NodeId> all = new ArrayList<>(List.of(link.node()));
    rows(link, "SENTINELS", found).forEach(row -> all.add(address(row)));
    List<NodeId> replicas = rows(link, "REPLICAS", found).stream().map(Discovery::address).toList();
    Watch watch =
        new Watch(
            found,
            field(master, "quorum"),
            all.stream().distinct().toList(),
            replicas,
            field(master, "flags"));
    return new Origin(address(master), Optional.of(watch));
  }

  private static Map<String, String> master(ServerLink link, String name) {
    List<Map<String, String>> masters = rows(link, "MASTERS");
    List<String> names = masters.stream().map(row -> field(row, "name")).toList();
    if (name.isEmpty() && masters.size() == 1) {
      return masters.getFirst();
    }
    return masters.stream()
        .filter(row -> field(row, "name").equals(name))
        .findFirst()
        .orElseThrow(
            () ->
                new AdoptionException(
                    "%s watches %s; choose one with --master"
                        .formatted(
                            link.node(), names.isEmpty() ? "nobody" : String.join(", ", names))));
  }

  private static List<Map<String, String>> rows(ServerLink link, String... words) {
    List<String> all = new ArrayList<>(List.of("SENTINEL"));
    all.addAll(List.of(words));
    return link.ask(all.toArray(String[]::new)).stream().map(Discovery::row).toList();
  }

  private static Map<String, String> row(Object reply) {
    List<?> words = (List<?>) reply;
    Map<String, String> row = new HashMap<>();
    for (int i = 0; i + 1 < words.size(); i += 2) {
      row.put(Objects.toString(words.get(i)), Objects.toString(words.get(i + 1), ""));
    }
    return row;
  }

  private static NodeId address(Map<String, String> row) {
    return new NodeId(field(row, "ip"), Integer.parseInt(field(row, "port")));
  }

  private static String field(Map<String, String> row, String name) {
    return row.getOrDefault(name, "");
  }
}
