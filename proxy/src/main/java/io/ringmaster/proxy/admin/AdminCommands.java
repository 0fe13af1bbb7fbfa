package io.ringmaster.proxy.admin;

import io.ringmaster.cluster.topology.DurableNodes;
import io.ringmaster.cluster.topology.Keyspace;
import io.ringmaster.cluster.topology.MarkerPosition;
import io.ringmaster.cluster.topology.Node;
import io.ringmaster.cluster.topology.Shard;
import io.ringmaster.cluster.topology.ShardState;
import io.ringmaster.cluster.topology.Topology;
import io.ringmaster.protocol.KeySlot;
import io.ringmaster.proxy.dispatch.CommandHandler;
import io.ringmaster.proxy.health.Health;
import io.ringmaster.proxy.health.NodeHealth;
import io.ringmaster.proxy.health.ReplicationLag;
import io.ringmaster.proxy.health.ReplicationState;
import io.ringmaster.proxy.metadata.ConfigGroup;
import io.ringmaster.proxy.metadata.GroupView;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/**
 * KV.HEALTH, CLUSTER.STATUS, CLUSTER.RING, CLUSTER.SHARDMAP and CLUSTER.LOCATE; with a last
 * argument JSON they answer JSON.
 */
public final class AdminCommands {

  private static final String NO_SUCH_SHARD = "ERR no such shard";

  private final Supplier<Topology> topology;
  private final Supplier<Health> health;
  private final Supplier<Map<String, Object>> status;
  private final ConfigGroup group;
  private final BooleanSupplier leaseHeld;

  /**
   * @param status what the proxy says of itself in CLUSTER.STATUS
   * @param leaseHeld whether it holds its lease
   */
  public AdminCommands(
      Supplier<Topology> topology,
      Supplier<Health> health,
      Supplier<Map<String, Object>> status,
      ConfigGroup group,
      BooleanSupplier leaseHeld) {
    this.topology = topology;
    this.health = health;
    this.status = status;
    this.group = group;
    this.leaseHeld = leaseHeld;
  }

  /** The handlers by command. */
  public Map<String, CommandHandler> handlers() {
    return Map.of(
        "kv.health", new AdminHandler(1, 2, this::health),
        "cluster.status", new AdminHandler(1, 1, request -> request.reply(status())),
        "cluster.ring", new AdminHandler(1, 1, request -> request.reply(ring())),
        "cluster.shardmap", new AdminHandler(1, 1, request -> request.reply(shardMap())),
        "cluster.locate",
            new AdminHandler(2, 2, request -> request.reply(locate(request.bytes(1)))));
  }

  private void health(AdminRequest request) {
    health(request.text(1)).ifPresentOrElse(request::reply, () -> request.fail(NO_SUCH_SHARD));
  }

  /** Of one shard, or of all if {@code id} is empty; empty if there is no such shard. */
  Optional<Object> health(String id) {
    Health now = health.get();
    List<Object> shards =
        topology.get().shards().stream()
            .filter(shard -> id.isEmpty() || shard.id().equals(id))
            .map(shard -> shard(shard, now))
            .toList();
    if (shards.isEmpty()) {
      return Optional.empty();
    }
    Map<String, Object> entry = new LinkedHashMap<>();
    entry.put("shards", shards);
    GroupView view = group.view();
    if (!view.self().isEmpty()) {
      Map<String, Object> described = CoordinatorCommands.describe(view);
      described.put("lease-held", leaseHeld.getAsBoolean());
      Map<String, Long> published = new TreeMap<>();
      group.reports().all().forEach(report -> published.put(report.by(), report.epoch()));
      described.put("published-epochs", published);
      entry.put("config-group", described);
    }
    return Optional.of(entry);
  }

  private Object shard(Shard shard, Health now) {
    Map<String, Object> entry = new LinkedHashMap<>();
    entry.put("id", shard.id());
    entry.put("state", now.of(shard.leader()).state().text());
    entry.put("epoch", shard.epoch());
    entry.put("leadership", lower(shard.state()));
    entry.put("waits-for", waitsFor(shard));
    entry.put("pending", Plans.texts(shard.pending()));
    entry.put("out-of-sync", Plans.texts(shard.outOfSync()));
    entry.put(
        "durable-nodes", Plans.texts(shard.durable().map(DurableNodes::nodes).orElse(List.of())));
    entry.put("nodes", shard.nodes().stream().map(node -> node(shard, now, node)).toList());
    return entry;
  }

  /** The controller knows, and tells the others. */
  private String waitsFor(Shard shard) {
    return group
        .reports()
        .all()
        .map(report -> report.observations().waits().getOrDefault(shard.id(), ""))
        .filter(waits -> !waits.isEmpty())
        .findFirst()
        .orElse("");
  }

  private static String lower(ShardState state) {
    return state.name().toLowerCase(Locale.ROOT);
  }

  private static Object node(Shard shard, Health now, Node node) {
    NodeHealth health = now.of(node);
    ReplicationState replication = health.replication();
    Optional<MarkerPosition> marker = replication.marker();
    ReplicationLag lag = now.lag(shard, node);
    Map<String, Object> entry = new LinkedHashMap<>();
    entry.put("address", node.id().toString());
    entry.put("role", role(node));
    entry.put("state", health.state().text());
    entry.put("reported-role", replication.role());
    entry.put("version", health.version());
    entry.put("run-id", health.runId());
    entry.put("master-link", replication.masterLink());
    entry.put("offset", replication.offset());
    entry.put("marker-epoch", marker.map(MarkerPosition::epoch).orElse(-1L));
    entry.put("marker-number", marker.map(MarkerPosition::number).orElse(-1L));
    entry.put("lag-bytes", lag.lagBytes().orElse(-1));
    entry.put("lag-markers", lag.lagMarkers().orElse(-1));
    entry.put("in-sync", lag.inSync());
    entry.put("lost-data", health.lostData());
    entry.put("used-memory", health.usedMemory());
    entry.put("last-seen-ms", now.silentMillis(health).orElse(-1));
    entry.put("mismatch", health.mismatch());
    entry.put("unfit", health.unfit());
    entry.put("warning", health.warning());
    entry.put("last-error", health.lastError());
    return entry;
  }

  Object status() {
    Topology current = topology.get();
    Map<String, Object> entry = new LinkedHashMap<>();
    entry.put("epoch", current.epoch());
    entry.put("shards", current.shards().size());
    entry.put("nodes", current.shards().stream().mapToInt(shard -> shard.nodes().size()).sum());
    entry.put("slots", KeySlot.COUNT);
    entry.put("keyspaces", current.keyspaces().size());
    entry.putAll(status.get());
    return entry;
  }

  /** All that a client needs to find the leader of a key by itself, until the epoch changes. */
  Object shardMap() {
    Topology current = topology.get();
    Map<String, Object> entry = new LinkedHashMap<>();
    entry.put("epoch", current.epoch());
    entry.put("shards", current.shards().stream().map(AdminCommands::mapped).toList());
    entry.put("keyspaces", current.keyspaces().stream().map(AdminCommands::mapped).toList());
    return entry;
  }

  private static Object mapped(Shard shard) {
    Map<String, Object> entry = new LinkedHashMap<>();
    entry.put("id", shard.id());
    entry.put("epoch", shard.epoch());
    entry.put("state", lower(shard.state()));
    entry.put("weight", shard.weight());
    entry.put("nodes", shard.nodes().stream().map(AdminCommands::mapped).toList());
    return entry;
  }

  private static Object mapped(Node node) {
    Map<String, Object> entry = new LinkedHashMap<>();
    entry.put("address", node.id().toString());
    entry.put("role", role(node));
    return entry;
  }

  private static Object mapped(Keyspace keyspace) {
    Map<String, Object> slots = new LinkedHashMap<>();
    keyspace
        .slots()
        .slotsByShard()
        .forEach((id, ranges) -> slots.put(id, ranges.stream().map(Object::toString).toList()));
    Map<String, Object> entry = new LinkedHashMap<>();
    entry.put("keyspace", keyspace.name());
    entry.put("prefix", keyspace.prefix());
    entry.put("slots", slots);
    return entry;
  }

  Object ring() {
    return topology.get().keyspaces().stream().map(AdminCommands::keyspace).toList();
  }

  private static Object keyspace(Keyspace keyspace) {
    int weights = keyspace.shards().stream().mapToInt(Shard::weight).sum();
    List<Object> shards =
        keyspace.shards().stream()
            .map(
                shard -> {
                  Map<String, Object> entry = new LinkedHashMap<>();
                  entry.put("id", shard.id());
                  entry.put("weight", shard.weight());
                  entry.put("share", (double) shard.weight() / weights);
                  entry.put("slots", keyspace.slotCount(shard));
                  entry.put(
                      "ranges", keyspace.slotsOf(shard).stream().map(Object::toString).toList());
                  return (Object) entry;
                })
            .toList();
    Map<String, Object> entry = new LinkedHashMap<>();
    entry.put("keyspace", keyspace.name());
    entry.put("prefix", keyspace.prefix());
    entry.put("shards", shards);
    return entry;
  }

  Object locate(byte[] key) {
    Topology current = topology.get();
    int slot = KeySlot.of(key);
    Keyspace keyspace = current.keyspaceOf(key, 0, key.length);
    Shard shard = keyspace.shardOf(slot);
    Map<String, Object> entry = new LinkedHashMap<>();
    entry.put("key", text(key));
    entry.put("slot", slot);
    entry.put("keyspace", keyspace.name());
    entry.put("shard", shard.id());
    entry.put("leader", shard.leader().id().toString());
    entry.put("replicas", shard.replicas().stream().map(node -> node.id().toString()).toList());
    return entry;
  }

  private static String role(Node node) {
    return node.isLeader() ? "leader" : "replica";
  }

  private static String text(byte[] bytes) {
    return new String(bytes, StandardCharsets.UTF_8);
  }
}
