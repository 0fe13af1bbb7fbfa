package io.ringmaster.cluster.simulation;

import io.ringmaster.cluster.control.ConfigLog;
import io.ringmaster.cluster.control.Proposals;
import io.ringmaster.cluster.control.Term;
import io.ringmaster.cluster.quorum.Reports;
import io.ringmaster.cluster.replication.Marker;
import io.ringmaster.cluster.spi.AdminLink;
import io.ringmaster.cluster.spi.AdminLinks;
import io.ringmaster.cluster.spi.BackendFailure;
import io.ringmaster.cluster.spi.ReplyCallback;
import io.ringmaster.cluster.topology.DurableNodes;
import io.ringmaster.cluster.topology.Node;
import io.ringmaster.cluster.topology.NodeId;
import io.ringmaster.cluster.topology.Shard;
import io.ringmaster.cluster.topology.ShardState;
import io.ringmaster.cluster.topology.Topology;
import io.ringmaster.cluster.topology.TopologyChange;
import io.ringmaster.protocol.Reply;
import io.ringmaster.protocol.Request;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Takes from a controller what a hole says it does not have: it is told what is not so. */
final class HollowControl {

  private static final Map<String, String> DURABLE =
      Map.of("appendonly", "yes", "appendfsync", "always", "no-appendfsync-on-rewrite", "no");

  private static final Words NOTHING = Words.reading("CLIENT", "ID");
  private static final String BEGIN = Words.of(SimulatedServer.MARKER.begin(1)).word(1);

  private final ConfigLog log;
  private final AdminLinks links;
  private final Map<NodeId, SimulatedServer> servers;
  private final Hole hole;
  private @Nullable Topology told;

  HollowControl(ConfigLog log, AdminLinks links, Map<NodeId, SimulatedServer> servers, Hole hole) {
    this.servers = servers;
    this.log = log;
    this.links = links;
    this.hole = hole;
  }

  ConfigLog log() {
    return new Log();
  }

  AdminLinks links() {
    return node -> new Link(node, links.open(node));
  }

  /** What the failure detector sees. */
  Topology watched(Topology topology) {
    if (hole != Hole.REPLICAS_UNCOUNTED) {
      return topology;
    }
    Shard shard = shard();
    return with(
        shard, shard.nodes().subList(0, Math.min(2, shard.nodes().size())), shard.incarnations());
  }

  private Shard shard() {
    return log.topology().shards().getFirst();
  }

  private Topology with(Shard shard, List<Node> nodes, Map<NodeId, String> runs) {
    return with(shard, nodes, runs, shard.durable());
  }

  private Topology with(
      Shard shard, List<Node> nodes, Map<NodeId, String> runs, Optional<DurableNodes> kept) {
    Map<NodeId, String> known = shard.incarnations().isEmpty() ? Map.of() : runs;
    return with(shard, nodes, known, kept, sealsOf(shard, nodes, known));
  }

  /** As if these nodes had served, and no others before. */
  private static int sealsOf(Shard shard, List<Node> nodes, Map<NodeId, String> runs) {
    return new Shard(shard.id(), 0, shard.weight(), nodes, shard.epoch(), shard.state(), runs)
        .seals();
  }

  private Topology with(
      Shard shard,
      List<Node> nodes,
      Map<NodeId, String> runs,
      Optional<DurableNodes> kept,
      int seals) {
    Shard other =
        new Shard(
            shard.id(),
            0,
            shard.weight(),
            nodes,
            shard.leadership().next().incarnations(runs).seals(seals).durable(kept).made());
    long epoch = log.topology().epoch();
    Topology before = told;
    if (before != null && before.epoch() == epoch && before.shards().getFirst().equals(other)) {
      return before;
    }
    Topology fresh = Topology.restored(epoch, List.of(other), KnownTopology.SLOTS);
    told = fresh;
    return fresh;
  }

  /** Whoever is known to keep everything does so if its marker has just that epoch. */
  private Topology keptFrom(Shard shard, long epoch) {
    return with(
        shard,
        shard.nodes(),
        shard.incarnations(),
        shard.durable().map(right -> new DurableNodes(right.nodes(), epoch, -1)));
  }

  private final class Log implements ConfigLog {

    @Override
    public Topology topology() {
      Shard shard = shard();
      if (hole == Hole.ATTACH_BEFORE_COMMIT && shard.isServing()) {
        return with(shard, withPlanned(shard), withPlannedRuns(shard));
      }
      boolean hands = shard.state() == ShardState.PAUSED && !shard.pending().isEmpty();
      if (hole == Hole.SHRINK_BEFORE_DETACH && hands) {
        NodeId[] others = shard.pending().stream().skip(1).toArray(NodeId[]::new);
        Shard next = Shard.of("next", shard.pending().getFirst(), others).asNew();
        return with(
            shard, shard.nodes(), shard.incarnations(), shard.durable(), next.sealsNeeded());
      }
      if (shard.state() != ShardState.FENCED) {
        return log.topology();
      }
      return switch (hole) {
        // Of two nodes, one is enough.
        case NO_SEAL_QUORUM ->
            with(
                shard,
                shard.nodes().subList(0, Math.min(2, shard.nodes().size())),
                shard.incarnations());
        case WRONG_KEEPER ->
            with(
                shard,
                shard.nodes(),
                shard.incarnations(),
                shard
                    .durable()
                    .map(
                        right ->
                            new DurableNodes(
                                List.of(shard.nodes().getLast().id()), right.epoch(), 0)));
        case UNPROVED_STOP -> keptFrom(shard, 0);
        case TRUSTED_COPY -> keptFrom(shard, shard.durable().map(DurableNodes::epoch).orElse(0L));
        case SHRINK_BEFORE_DETACH -> with(shard, shard.nodes(), shard.incarnations());
        case COUNT_FORGETFUL -> with(shard, shard.nodes(), presentRuns());
        default -> log.topology();
      };
    }

    /** Those that come first, so that the plan does not look as if it had come true. */
    private List<Node> withPlanned(Shard shard) {
      List<Node> nodes = new ArrayList<>(shard.nodes());
      shard.pending().stream()
          .filter(node -> !shard.has(node))
          .forEach(node -> nodes.add(1, Node.replica(node)));
      return nodes;
    }

    /** Those that come are admitted, so that nobody waits for that. */
    private Map<NodeId, String> withPlannedRuns(Shard shard) {
      Map<NodeId, String> runs = presentRuns();
      runs.keySet().removeIf(node -> shard.has(node) || !shard.pending().contains(node));
      runs.putAll(shard.incarnations());
      return runs;
    }

    private Map<NodeId, String> presentRuns() {
      Map<NodeId, String> runs = new HashMap<>();
      servers.forEach((node, server) -> runs.put(node, server.runId()));
      return runs;
    }

    @Override
    public Term term() {
      return log.term();
    }

    @Override
    public void commit(TopologyChange change, String cause, long tookMillis, Runnable ended) {
      log.commit(change, cause, tookMillis, ended);
    }

    @Override
    public void confirm(Term term, Consumer<Boolean> then) {
      if (hole == Hole.LATE_COORDINATOR_COMMAND) {
        then.accept(true);
      } else {
        log.confirm(term, then);
      }
    }

    @Override
    public Proposals proposals() {
      return log.proposals();
    }

    @Override
    public Set<String> members() {
      return log.members();
    }

    private boolean isFenced() {
      return shard().state() == ShardState.FENCED;
    }

    /** Where nobody has reported anything, nobody is waited for. */
    @Override
    public Reports reports() {
      return hole == Hole.NO_LEASE_WAIT || (hole == Hole.TRUSTED_FILE && isFenced())
          ? Reports.NONE
          : log.reports();
    }
  }

  private final class Link implements AdminLink {
    private final NodeId node;
    private final AdminLink link;

    Link(NodeId node, AdminLink link) {
      this.node = node;
      this.link = link;
    }

    @Override
    public void send(Request request, ReplyCallback callback) {
      Words words = Words.of(request);
      if (hole == Hole.ANYBODY_REPLICATES && words.words().contains("-psync")) {
        link.send(NOTHING, callback);
      } else if (hole == Hole.LATE_BATCH_SAME_TERM && words.name().equals("CLIENT")) {
        link.send(NOTHING, callback);
      } else if (hole == Hole.LATE_COORDINATOR_COMMAND
          && words.words().toString().contains("DELUSER, rp-adm")) {
        link.send(NOTHING, callback);
      } else if (hole == Hole.PROMOTE_BY_OFFSET && Scripts.isRead(words)) {
        link.send(request, new ByOffset(callback, server()));
      } else if (hole == Hole.TRUSTED_FILE && words.name().equals("CONFIG")) {
        String value = DURABLE.get(words.word(2));
        link.send(
            request,
            value == null
                ? callback
                : new Instead(callback, SimulatedReply.bulks(List.of(words.word(2), value))));
      } else if (hole == Hole.MARKER_RESET && words.words().contains(BEGIN)) {
        link.send(Words.writing("HSET", Marker.KEY, "n", "0"), new Ignored());
        link.send(Words.writing("HSET", Marker.KEY, "epoch", words.word(6)), callback);
      } else {
        link.send(request, callback);
      }
    }

    private SimulatedServer server() {
      SimulatedServer server = servers.get(node);
      if (server == null) {
        throw new IllegalStateException("no server at " + node);
      }
      return server;
    }

    @Override
    public String runId() {
      Shard shard = shard();
      boolean chosen = shard.state() == ShardState.PROMOTED && shard.leader().id().equals(node);
      String run = link.runId();
      if (hole.unmarks() && shard.state() == ShardState.FENCED && isUnmarked()) {
        return hole == Hole.NO_REMARK ? "another" : shard.incarnations().getOrDefault(node, run);
      }
      return hole == Hole.PROMOTE_UNCHECKED_RUN && chosen
          ? shard.incarnations().getOrDefault(node, run)
          : run;
    }

    private boolean isUnmarked() {
      return server().database().hash(Marker.KEY).isEmpty();
    }

    @Override
    public void close() {
      link.close();
    }
  }

  /** Answers something else. */
  private record Instead(ReplyCallback asked, SimulatedReply answer) implements ReplyCallback {

    @Override
    public void onReply(Reply reply) {
      asked.onReply(answer);
    }

    @Override
    public void onFailure(BackendFailure failure, NodeId node, String reason) {
      asked.onFailure(failure, node, reason);
    }
  }

  /** Tells the place in the stream instead of a marker. */
  private record ByOffset(ReplyCallback asked, SimulatedServer server) implements ReplyCallback {

    @Override
    public void onReply(Reply reply) {
      boolean marked = !reply.isError() && !reply.text().startsWith("0 ");
      asked.onReply(marked ? SimulatedReply.bulk("1 " + server.history().offset()) : reply);
    }

    @Override
    public void onFailure(BackendFailure failure, NodeId node, String reason) {
      asked.onFailure(failure, node, reason);
    }
  }

  private record Ignored() implements ReplyCallback {

    @Override
    public void onReply(Reply reply) {}

    @Override
    public void onFailure(BackendFailure failure, NodeId node, String reason) {}
  }
}
