package io.ringmaster.cluster.control;

import static org.assertj.core.api.Assertions.assertThat;

import io.ringmaster.cluster.replication.BarrierCounters;
import io.ringmaster.cluster.replication.BarrierSettings;
import io.ringmaster.cluster.replication.LeaderPolicy;
import io.ringmaster.cluster.replication.Lease;
import io.ringmaster.cluster.spi.Backends;
import io.ringmaster.cluster.spi.Lane;
import io.ringmaster.cluster.spi.NodeStatus;
import io.ringmaster.cluster.spi.ReplyCallback;
import io.ringmaster.cluster.spi.Scheduler;
import io.ringmaster.cluster.topology.FenceShard;
import io.ringmaster.cluster.topology.Node;
import io.ringmaster.cluster.topology.NodeId;
import io.ringmaster.cluster.topology.PromoteLeader;
import io.ringmaster.cluster.topology.Shard;
import io.ringmaster.cluster.topology.ShardState;
import io.ringmaster.cluster.topology.Topology;
import io.ringmaster.cluster.topology.TopologyChange;
import io.ringmaster.protocol.Request;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/** A shard of three in epoch 5, whose leader was A, and which was admitted in runs a, b and c. */
class SealingTest {

  private static final NodeId A = new NodeId("h", 1);
  private static final NodeId B = new NodeId("h", 2);
  private static final NodeId C = new NodeId("h", 3);

  private static final List<Node> NODES = List.of(Node.leader(A), Node.replica(B), Node.replica(C));

  private final FakeServers servers = new FakeServers();
  private long millis;
  private boolean known = true;

  private static Shard shard(ShardState state) {
    return new Shard("s1", 0, 1, NODES, 5, state, Map.of(A, "a", B, "b", C, "c"));
  }

  private Sealing sealing(ShardState state) {
    return new Sealing(host(shard(state)), shard(state));
  }

  /** What is decided when all has been tried and waited for. */
  private Optional<TopologyChange> decided(Sealing sealing) {
    sealing.tick(shard(ShardState.FENCED));
    millis += 1_000;
    return sealing.tick(shard(ShardState.FENCED)).map(Stage.Step::change);
  }

  private static TopologyChange promote(NodeId node, String run) {
    return new PromoteLeader("s1", 5, node, run);
  }

  @Test
  void choosesTheHighestMarker() {
    servers.set(A, "a", 4, 7);
    servers.set(B, "b", 4, 9);
    servers.set(C, "c", 3, 100);
    assertThat(decided(sealing(ShardState.FENCED))).contains(promote(B, "b"));
  }

  @Test
  void theLeaderStaysWhereItIsAsFarAsAnyOther() {
    servers.set(A, "a", 4, 9);
    servers.set(B, "b", 4, 9);
    servers.set(C, "c", 4, 9);
    assertThat(decided(sealing(ShardState.FENCED))).contains(promote(A, "a"));
  }

  @Test
  void aMajorityThatRemembersIsEnough() {
    servers.set(B, "b", 4, 8);
    servers.set(C, "c", 4, 9);
    assertThat(decided(sealing(ShardState.FENCED))).contains(promote(C, "c"));
  }

  @Test
  void whoWasRestartedOrHasNoMarkerProvesNothing() {
    servers.set(A, "a2", 4, 9);
    servers.setEmpty(B, "b");
    servers.set(C, "c", 4, 7);
    Sealing sealing = sealing(ShardState.FENCED);
    assertThat(decided(sealing)).isEmpty();
    assertThat(sealing.waitsFor()).startsWith("1 nodes are cut off and remember");
  }

  @Test
  void anOperatorMayDecideThatTheyCount() {
    servers.set(A, "a2", 4, 9);
    servers.set(C, "c2", 4, 7);
    assertThat(decided(sealing(ShardState.FORCED))).contains(promote(A, "a2"));
  }

  @Test
  void nobodyIsChosenWhileSomebodyMayAnswerFromAnOlderTopology() {
    servers.set(A, "a", 4, 7);
    servers.set(B, "b", 4, 9);
    servers.set(C, "c", 4, 8);
    known = false;
    Sealing sealing = sealing(ShardState.FENCED);
    assertThat(decided(sealing)).isEmpty();
    known = true;
    assertThat(decided(sealing)).contains(promote(B, "b"));
  }

  @Test
  void ofServersThatNobodyHasLedTheConfiguredOneLeads() {
    servers.setEmpty(A, "a");
    servers.setEmpty(B, "b");
    known = false;
    Shard unled = new Shard("s1", 0, 1, NODES, 5, ShardState.FENCED, Map.of());
    assertThat(decided(new Sealing(host(unled), unled))).contains(promote(A, "a"));
  }

  @Test
  void withoutTheConfiguredOneItTakesAnOperator() {
    servers.setEmpty(B, "b");
    Shard unled = new Shard("s1", 0, 1, NODES, 5, ShardState.FENCED, Map.of());
    servers.setEmpty(C, "c");
    Sealing waiting = new Sealing(host(unled), unled);
    assertThat(decided(waiting)).isEmpty();
    assertThat(waiting.waitsFor()).startsWith("nobody has served before, so that it takes h:1: ");
    Shard forced = new Shard("s1", 0, 1, NODES, 5, ShardState.FORCED, Map.of());
    assertThat(decided(new Sealing(host(forced), forced)))
        .hasValueSatisfying(change -> assertThat(change).isIn(promote(B, "b"), promote(C, "c")));
  }

  @Test
  void serversThatAreFurtherThanTheTopologyAreOvertaken() {
    servers.set(A, "a", 4, 7);
    servers.set(B, "b", 8, 0);
    assertThat(decided(sealing(ShardState.FENCED))).contains(new FenceShard("s1", 9, false));
  }

  private Host host(Shard shard) {
    Topology topology = Topology.initial(List.of(shard));
    Scheduler scheduler = new StillScheduler();
    return new Host(
        new OneTerm(topology),
        servers,
        new EpochUsers("secret"),
        policy(scheduler),
        scheduler,
        true);
  }

  private static LeaderPolicy policy(Scheduler scheduler) {
    Unused unused = new Unused();
    return new LeaderPolicy(
        unused,
        scheduler,
        new BarrierSettings(1, 1, false),
        unused,
        unused,
        Lease.ALWAYS,
        () -> {
          throw new AssertionError("nothing is answered");
        });
  }

  private final class StillScheduler implements Scheduler {

    @Override
    public long micros() {
      return millis * 1000;
    }

    @Override
    public void schedule(long delayMillis, Runnable task) {}

    @Override
    public void afterThis(Runnable task) {}
  }

  private final class OneTerm implements ConfigLog {
    private final Topology topology;

    OneTerm(Topology topology) {
      this.topology = topology;
    }

    @Override
    public Topology topology() {
      return topology;
    }

    @Override
    public long term() {
      return 1;
    }

    @Override
    public void commit(TopologyChange change, String cause, Runnable ended) {}

    @Override
    public void confirm(long term, Consumer<Boolean> then) {
      then.accept(true);
    }

    @Override
    public boolean isKnownEverywhere(long epoch, long forMillis) {
      return known;
    }

    @Override
    public boolean isSuspected(Shard suspect) {
      return false;
    }
  }

  /** No barrier is needed to choose a leader. */
  private static final class Unused implements Backends, BarrierCounters, NodeStatus {

    @Override
    public void send(NodeId node, Lane lane, Request request, ReplyCallback callback) {}

    @Override
    public String runId(NodeId node, Lane lane) {
      return "";
    }

    @Override
    public void fence(NodeId node, String reason) {}

    @Override
    public void onLoss(LossListener listener) {}

    @Override
    public void onArrival(Runnable listener) {}

    @Override
    public void begun() {}

    @Override
    public void unleased() {}

    @Override
    public void held(int replies) {}

    @Override
    public void shortOfReplicas() {}

    @Override
    public void historyLost(Shard shard) {}

    @Override
    public void revoked(int replies) {}

    @Override
    public boolean isFresh(NodeId node) {
      return true;
    }

    @Override
    public String unfit(NodeId node) {
      return "";
    }

    @Override
    public long latencyMicros(NodeId node) {
      return 0;
    }
  }
}
