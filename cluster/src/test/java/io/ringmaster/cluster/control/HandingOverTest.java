package io.ringmaster.cluster.control;

import static io.ringmaster.cluster.control.FakeHost.A;
import static io.ringmaster.cluster.control.FakeHost.B;
import static io.ringmaster.cluster.control.FakeHost.C;
import static io.ringmaster.cluster.control.FakeHost.three;
import static org.assertj.core.api.Assertions.assertThat;

import io.ringmaster.cluster.topology.FenceShard;
import io.ringmaster.cluster.topology.HandOver;
import io.ringmaster.cluster.topology.NodeId;
import io.ringmaster.cluster.topology.QuiesceShard;
import io.ringmaster.cluster.topology.ResumeShard;
import io.ringmaster.cluster.topology.Shard;
import io.ringmaster.cluster.topology.ShardState;
import io.ringmaster.cluster.topology.TopologyChange;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A shard of three in epoch 5, led by A, that is to hand over. */
class HandingOverTest {

  private final FakeServers servers = FakeServers.three(5, 7);
  private final FakeHost host = new FakeHost(servers);

  @BeforeEach
  void start() {
    servers.say(
        A,
        "role:master",
        "master_repl_offset:9",
        "slave0:ip=h,port=2,state=online,offset=9,lag=0",
        "slave1:ip=h,port=3,state=online,offset=9,lag=0");
    host.answerBarriers();
  }

  private static Shard planned(NodeId... nodes) {
    return three(ShardState.PAUSED, List.of(nodes), Optional.empty());
  }

  private Optional<TopologyChange> decided(Shard shard, HandingOver stage) {
    stage.tick(shard);
    stage.tick(shard);
    return stage.tick(shard).map(Stage.Step::change);
  }

  private HandingOver handingOver(Shard shard) {
    Host present = host.of(shard);
    return new HandingOver(present, shard, new Administrator(present));
  }

  private static TopologyChange handOver(NodeId leader, String run) {
    return new HandOver("s1", 5, 9, leader, run);
  }

  @Test
  void theFirstThatIsPlannedLeadsWhereAllAreAsFar() {
    Shard shard = planned(B, A, C);
    assertThat(decided(shard, handingOver(shard))).contains(handOver(B, "b"));
  }

  @Test
  void whoIsFurtherLeads() {
    servers.set(C, "c", 5, 8);
    Shard shard = planned(B, A, C);
    assertThat(decided(shard, handingOver(shard))).contains(handOver(C, "c"));
  }

  @Test
  void nobodyIsCutOffWhileSomebodyMayAnswer() {
    Shard shard = planned(B, A, C);
    HandingOver stage = handingOver(shard);
    host.drain(false);
    assertThat(decided(shard, stage)).isEmpty();
    host.drain(true);
    host.know(false);
    assertThat(decided(shard, stage)).isEmpty();
    assertThat(servers.areCutOff()).isFalse();
    host.pass(1_000);
    assertThat(decided(shard, stage)).contains(new ResumeShard("s1", 5));
    host.know(true);
    assertThat(decided(shard, stage)).contains(handOver(B, "b"));
    assertThat(servers.areCutOff()).isTrue();
  }

  @Test
  void theLeaderServesOnWhereTooFewCouldChooseTheNext() {
    servers.lose(C);
    Shard shard = planned(A, C);
    HandingOver stage = handingOver(shard);
    assertThat(decided(shard, stage)).isEmpty();
    assertThat(stage.waitsFor()).isEqualTo("1 of its next nodes answer and remember, it takes 2");
    host.pass(1_000);
    assertThat(decided(shard, stage)).contains(new ResumeShard("s1", 5));
  }

  @Test
  void aLeaderStaysThatNobodyHasFollowedToTheEnd() {
    servers.acknowledge(0);
    Shard shard = planned(B, C);
    HandingOver stage = handingOver(shard);
    assertThat(decided(shard, stage)).isEmpty();
    assertThat(stage.waitsFor()).isEqualTo("its replicas have not got all that its leader has");
    assertThat(servers.areCutOff()).isFalse();
    host.pass(1_000);
    assertThat(decided(shard, stage)).contains(new ResumeShard("s1", 5));
  }

  @Test
  void whoHasFollowedALeaderThatLeavesLeads() {
    servers.acknowledge(1);
    servers.set(B, "b", 5, 6);
    Shard shard = planned(B, C);
    assertThat(decided(shard, handingOver(shard))).contains(handOver(C, "c"));
  }

  @Test
  void whoHasNotFollowedALeaderThatLeavesDoesNotLead() {
    servers.set(B, "b", 5, 6);
    servers.set(C, "c", 5, 6);
    Shard shard = planned(B, C);
    HandingOver stage = handingOver(shard);
    assertThat(decided(shard, stage)).isEmpty();
    assertThat(stage.waitsFor())
        .isEqualTo("too few of its next nodes have all that its leader has");
    host.pass(2_000);
    assertThat(decided(shard, stage)).contains(new FenceShard("s1", 6, false));
  }

  @Test
  void aLeaderThatNobodyHasFollowedLeadsOnIfItStays() {
    servers.acknowledge(0);
    servers.set(B, "b", 5, 6);
    servers.set(C, "c", 5, 6);
    Shard shard = planned(B, A, C);
    assertThat(decided(shard, handingOver(shard))).contains(handOver(A, "a"));
  }

  @Test
  void aShardOfWhichOnlyTheLeaderHasEverythingDoesNotStop() {
    servers.acknowledge(0);
    Shard shard = planned();
    HandingOver stage = handingOver(shard);
    assertThat(decided(shard, stage)).isEmpty();
    host.pass(1_000);
    assertThat(decided(shard, stage)).contains(new ResumeShard("s1", 5));
    assertThat(servers.areCutOff()).isFalse();
  }

  @Test
  void whoWasRestartedDoesNotCount() {
    servers.set(C, "c2", 5, 7);
    Shard shard = planned(A, C);
    assertThat(decided(shard, handingOver(shard))).isEmpty();
  }

  @Test
  void onceTheyAreCutOffAnotherLeaderIsNeeded() {
    servers.setEmpty(C, "c");
    Shard shard = planned(A, C);
    HandingOver stage = handingOver(shard);
    assertThat(decided(shard, stage)).isEmpty();
    assertThat(stage.waitsFor())
        .isEqualTo("1 of its next nodes are cut off and remember, it takes 2");
    host.pass(2_000);
    assertThat(decided(shard, stage)).contains(new FenceShard("s1", 6, false));
  }

  @Test
  void aShardThatIsToStopNotesTheMarkerOfWhoHasEverything() {
    Shard shard = planned();
    servers.set(B, "b", 5, 9);
    servers.set(C, "c2", 5, 11);
    assertThat(decided(shard, handingOver(shard))).contains(new QuiesceShard("s1", 5, 9, 5, 9));
    servers.set(C, "c", 5, 8);
    assertThat(decided(shard, handingOver(shard))).contains(new QuiesceShard("s1", 5, 9, 5, 8));
  }

  @Test
  void aShardThatIsToStopNeedsThemToo() {
    Shard shard = planned();
    servers.lose(B);
    assertThat(decided(shard, handingOver(shard))).contains(new QuiesceShard("s1", 5, 9, 5, 7));
    servers.lose(C);
    assertThat(decided(shard, handingOver(shard))).isEmpty();
  }
}
