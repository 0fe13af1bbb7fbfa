package io.ringmaster.cluster.control;

import static io.ringmaster.cluster.control.FakeHost.A;
import static io.ringmaster.cluster.control.FakeHost.B;
import static io.ringmaster.cluster.control.FakeHost.C;
import static io.ringmaster.cluster.control.FakeHost.NODES;
import static io.ringmaster.cluster.control.FakeHost.three;
import static org.assertj.core.api.Assertions.assertThat;

import io.ringmaster.cluster.control.ControllerSettings.UncleanLeader;
import io.ringmaster.cluster.topology.DurableNodes;
import io.ringmaster.cluster.topology.FenceShard;
import io.ringmaster.cluster.topology.MarkerPosition;
import io.ringmaster.cluster.topology.NodeId;
import io.ringmaster.cluster.topology.PromoteLeader;
import io.ringmaster.cluster.topology.Shard;
import io.ringmaster.cluster.topology.ShardState;
import io.ringmaster.cluster.topology.TopologyChange;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** A shard of three in epoch 5, whose leader was A, and which was admitted in runs a, b and c. */
class SealingTest {

  private static final Shard FENCED = three(ShardState.FENCED);

  private static final String[] DURABLE = {
    "role:master", "aof_enabled:1", "aof_last_write_status:ok", "aof_last_bgrewrite_status:ok"
  };

  private final FakeServers servers = new FakeServers();
  private final FakeHost host = new FakeHost(servers);

  private Sealing sealing(ShardState state) {
    return sealing(three(state), null);
  }

  private Sealing sealing(Shard shard, @Nullable NodeId failed) {
    Host present = host.of(shard);
    return new Sealing(present, shard, new Administrator(present), failed);
  }

  /** What is decided when all has been tried and waited for. */
  private Optional<TopologyChange> decided(Sealing sealing) {
    sealing.tick(three(ShardState.FENCED));
    host.pass(1_000);
    return sealing.tick(three(ShardState.FENCED)).map(Stage.Step::change);
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
    host.know(false);
    Sealing sealing = sealing(ShardState.FENCED);
    assertThat(decided(sealing)).isEmpty();
    host.know(true);
    assertThat(decided(sealing)).contains(promote(B, "b"));
  }

  @Test
  void ofServersThatNobodyHasLedTheConfiguredOneLeads() {
    servers.setEmpty(A, "a");
    servers.setEmpty(B, "b");
    host.know(false);
    Shard unled = new Shard("s1", 0, 1, NODES, 5, ShardState.FENCED, Map.of());
    assertThat(decided(sealing(unled, null))).contains(promote(A, "a"));
  }

  @Test
  void whoHasFailedDoesNotLeadWhereOthersMay() {
    servers.set(A, "a", 4, 90);
    servers.set(B, "b", 4, 8);
    servers.set(C, "c", 4, 9);
    assertThat(decided(sealing(FENCED, A))).contains(promote(C, "c"));
  }

  @Test
  void whoHasFailedLeadsWhereTheOthersStayTooFew() {
    servers.set(A, "a", 4, 90);
    servers.set(B, "b2", 4, 8);
    servers.set(C, "c", 4, 9);
    Sealing sealing = sealing(FENCED, A);
    assertThat(decided(sealing)).isEmpty();
    host.pass(9_000);
    assertThat(decided(sealing)).contains(promote(A, "a"));
  }

  @Test
  void withoutTheConfiguredOneItTakesAnOperator() {
    servers.setEmpty(B, "b");
    Shard unled = new Shard("s1", 0, 1, NODES, 5, ShardState.FENCED, Map.of());
    servers.setEmpty(C, "c");
    Sealing waiting = sealing(unled, null);
    assertThat(decided(waiting)).isEmpty();
    assertThat(waiting.waitsFor()).startsWith("nobody has served before, so that it takes h:1: ");
    Shard forced = new Shard("s1", 0, 1, NODES, 5, ShardState.FORCED, Map.of());
    assertThat(decided(sealing(forced, null)))
        .hasValueSatisfying(change -> assertThat(change).isIn(promote(B, "b"), promote(C, "c")));
  }

  @Test
  void aNodeThatHasAllThatThereWasAtTheStopIsEnough() {
    servers.set(A, "a2", 4, 8);
    servers.set(B, "b2", 4, 9);
    servers.setEmpty(C, "c2");
    Shard stopped = kept(new DurableNodes(List.of(A, B, C), 4, 9));
    assertThat(decided(sealing(stopped, null))).contains(promote(B, "b2"));
    servers.set(C, "c2", 4, 9);
    assertThat(decided(sealing(stopped, null)))
        .contains(new PromoteLeader("s1", 5, B, "b2", Map.of(C, "c2")));
    servers.lose(B);
    servers.lose(C);
    assertThat(decided(sealing(stopped, null))).isEmpty();
  }

  @Test
  void aLeaderThatKeptEverythingIsEnoughUnlessItIsToldToCopy() {
    servers.set(A, "a2", 4, 8);
    Shard kept = kept(new DurableNodes(List.of(A), 4, 0));
    servers.say(A, "role:slave", "master_host:h", "master_port:2");
    Sealing sealing = sealing(kept, null);
    assertThat(decided(sealing)).isEmpty();
    assertThat(sealing.waitsFor()).contains("h:1: its configuration file makes it a replica");
    servers.say(A, DURABLE);
    assertThat(decided(sealing)).isEmpty();
    servers.configure("appendfsync", "always");
    servers.configure("no-appendfsync-on-rewrite", "no");
    assertThat(decided(sealing(kept, null))).contains(promote(A, "a2"));
  }

  @Test
  void aLeaderThatKeptEverythingIsNotBelievedIfItWasFurtherBefore() {
    servers.set(A, "a2", 4, 8);
    servers.say(A, DURABLE);
    servers.configure("appendfsync", "always");
    servers.configure("no-appendfsync-on-rewrite", "no");
    Shard kept = kept(new DurableNodes(List.of(A), 4, 0));
    host.furthest = new MarkerPosition(4, 9);
    assertThat(decided(sealing(kept, null))).isEmpty();
    servers.set(A, "a2", 4, 9);
    assertThat(decided(sealing(kept, null))).contains(promote(A, "a2"));
  }

  @Test
  void nodesThatLackOnlyTheirMarkersGoOnWithTheLeaderTheyHad() {
    servers.setEmpty(A, "a");
    servers.setEmpty(B, "b");
    Sealing sealing = sealing(ShardState.FENCED);
    assertThat(decided(sealing)).isEmpty();
    servers.set(C, "c", 4, 7);
    assertThat(decided(sealing)).contains(promote(A, "a"));
    servers.setEmpty(B, "b2");
    assertThat(decided(sealing(ShardState.FENCED))).isEmpty();
  }

  @Test
  void anOperatorMayHaveDecidedBeforeThatTheFurthestLeads() {
    host.uncleanLeader = UncleanLeader.WHEN_ALL_ANSWER;
    servers.set(A, "a2", 4, 8);
    servers.set(B, "b2", 4, 9);
    Sealing sealing = sealing(ShardState.FENCED);
    assertThat(decided(sealing)).isEmpty();
    servers.setEmpty(C, "c2");
    Stage.Step step = lastStep(sealing);
    assertThat(step.change()).isEqualTo(promote(B, "b2"));
    assertThat(step.cause()).contains("unclean", "[h:1, h:2, h:3]", "is lost");
  }

  @Test
  void whereNoMarkerTellsARestartedLeaderIsNotTakenForTheOneWhoHasEverything() {
    servers.setEmpty(A, "a2");
    servers.setEmpty(B, "b");
    servers.setEmpty(C, "c");
    assertThat(decided(sealing(ShardState.FENCED))).isEmpty();
    assertThat(decided(sealing(ShardState.FORCED))).contains(promote(B, "b"));
    host.uncleanLeader = UncleanLeader.WHEN_ALL_ANSWER;
    Stage.Step unclean = lastStep(sealing(ShardState.FENCED));
    assertThat(unclean.change()).isEqualTo(promote(B, "b"));
    assertThat(unclean.cause()).contains("what only [h:1] had acknowledged");
  }

  private Stage.Step lastStep(Sealing sealing) {
    sealing.tick(three(ShardState.FENCED));
    host.pass(1_000);
    return sealing.tick(three(ShardState.FENCED)).orElseThrow();
  }

  private static Shard kept(DurableNodes by) {
    return three(ShardState.FENCED, List.of(), Optional.of(by));
  }

  @Test
  void serversThatAreFurtherThanTheTopologyAreOvertaken() {
    servers.set(A, "a", 4, 7);
    servers.set(B, "b", 8, 0);
    assertThat(decided(sealing(ShardState.FENCED))).contains(new FenceShard("s1", 9, false));
  }
}
