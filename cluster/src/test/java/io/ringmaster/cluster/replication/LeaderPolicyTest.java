package io.ringmaster.cluster.replication;

import static org.assertj.core.api.Assertions.assertThat;

import io.ringmaster.cluster.replication.ScriptedBackends.Sent;
import io.ringmaster.cluster.spi.BackendFailure;
import io.ringmaster.cluster.spi.Clock.Moment;
import io.ringmaster.cluster.spi.Lane;
import io.ringmaster.cluster.spi.ReplyCallback;
import io.ringmaster.cluster.topology.FenceShard;
import io.ringmaster.cluster.topology.NodeId;
import io.ringmaster.cluster.topology.ReadLevel;
import io.ringmaster.cluster.topology.Shard;
import io.ringmaster.cluster.topology.Topology;
import io.ringmaster.cluster.topology.WriteLevel;
import io.ringmaster.protocol.OwnRequest;
import io.ringmaster.protocol.ProtocolVersion;
import io.ringmaster.protocol.Reply;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class LeaderPolicyTest {

  private static final NodeId LEADER = new NodeId("leader", 1);
  private static final Lane LANE = Lane.data(0, ProtocolVersion.RESP2);
  private static final Shard SHARD =
      Shard.of("s1", LEADER, new NodeId("replica", 1), new NodeId("replica", 2));

  private final ScriptedBackends servers = new ScriptedBackends();
  private final LeaderPolicy policy = policy(Lease.ALWAYS);
  private Moment now = new Moment(0, 0);
  private final Lease lease = new Lease(() -> now, Duration.ofSeconds(3), Duration.ofMillis(200));
  private final LeaderPolicy leased = policy(lease);
  private Topology newest = Topology.initial(List.of(SHARD));

  private LeaderPolicy policy(Lease of) {
    return policy(of, true);
  }

  private LeaderPolicy policy(Lease of, boolean beginsMarker) {
    BarrierSettings settings = new BarrierSettings(100, 1000, beginsMarker, new Marker(15));
    return new LeaderPolicy(servers, servers, settings, servers, servers, of, () -> newest);
  }

  /** What a client was told. */
  private static final class Told implements ReplyCallback {
    String outcome = "";

    @Override
    public void onReply(Reply reply) {
      assertThat(outcome).isEmpty();
      outcome = reply.text();
    }

    @Override
    public void onFailure(BackendFailure failure, NodeId node, String reason) {
      assertThat(outcome).isEmpty();
      outcome = failure + " " + reason;
    }
  }

  private Told write(WriteLevel level) {
    return write(level, "SET", "k", "v");
  }

  private Told write(WriteLevel level, String... words) {
    Told told = new Told();
    policy.write(OwnRequest.writing(words), SHARD, LANE, level, ClientView.UNTRACKED, told);
    return told;
  }

  /** A write at level quorum that the leader has executed. */
  private Told executed() {
    Told told = write(WriteLevel.QUORUM);
    servers.nextData().reply('+', "OK");
    return told;
  }

  @Test
  void asynchronousWritesAreAcknowledgedByTheLeaderAlone() {
    Told told = write(WriteLevel.ASYNC);
    servers.nextData().reply('+', "OK");
    assertThat(told.outcome).isEqualTo("OK");
  }

  @Test
  void aWriteIsAcknowledgedOnceItsBarrierIsHeld() {
    Told told = executed();
    servers.endIteration();
    assertThat(told.outcome).isEmpty();
    servers.answerBarrier(1, 1, 1);
    assertThat(told.outcome).isEqualTo("OK");
  }

  @Test
  void refusalsPromiseNothingAndAreToldAtOnce() {
    Told told = write(WriteLevel.ALL);
    servers.nextData().reply('-', "OOM command not allowed");
    assertThat(told.outcome).isEqualTo("OOM command not allowed");
  }

  @Test
  void anErrorOfAScriptThatMayHaveWrittenIsProvedLikeAnyReply() {
    for (String command : List.of("eval", "EVALSHA", "FCALL")) {
      Told told = write(WriteLevel.QUORUM, command, "x", "0");
      servers.nextData().reply('-', "BUSY says the script");
      assertThat(told.outcome).as(command).isEmpty();
    }
  }

  @Test
  void anErrorOfAScriptNeedsALease() {
    Told told = new Told();
    leased.write(
        OwnRequest.writing("EVAL", "x", "0"),
        SHARD,
        LANE,
        WriteLevel.ASYNC,
        ClientView.UNTRACKED,
        told);
    servers.nextData().reply('-', "BUSY says the script");
    assertThat(told.outcome).isEmpty();
  }

  @Test
  void anErrorThatTellsOfAStateIsProvedLikeAnyReply() {
    Told told = write(WriteLevel.QUORUM);
    servers.nextData().reply('-', "WRONGTYPE");
    servers.endIteration();
    assertThat(told.outcome).isEmpty();
    servers.answerBarrier(1, 1, 1);
    assertThat(told.outcome).isEqualTo("WRONGTYPE");
  }

  @Test
  void anErrorOfALeaderThatWasDeposedIsNotTold() {
    Told told = write(WriteLevel.QUORUM);
    servers.nextData().reply('-', "ERR of a script that has written before");
    servers.endIteration();
    servers.refuseBarrier("FENCED epoch 2");
    assertThat(told.outcome).startsWith("OUTCOME_UNKNOWN it does not lead shard s1 any more");
  }

  @Test
  void oneBarrierCoversAllRepliesBeforeItAndNoneBehind() {
    Told first = executed();
    Told second = executed();
    servers.endIteration();
    Told late = executed();
    servers.endIteration();
    assertThat(servers.barrierRequests()).isEqualTo(3);
    servers.answerBarrier(1, 1, 1);
    assertThat(first.outcome).isEqualTo("OK");
    assertThat(second.outcome).isEqualTo("OK");
    assertThat(late.outcome).isEmpty();
    servers.endIteration();
    servers.answerBarrier(2, 1, 1);
    assertThat(late.outcome).isEqualTo("OK");
    assertThat(servers.heldReplies).isEqualTo(3);
  }

  @Test
  void tooFewReplicasAreAskedAgainUntilTheDeadline() {
    Told told = executed();
    servers.endIteration();
    servers.answerBarrier(1, 0, 1);
    servers.endIteration();
    assertThat(told.outcome).isEmpty();
    servers.pass(1000);
    servers.answerPlace(50);
    servers.answerWait(0, "slave0:ip=a,port=1,state=online,offset=49,lag=0");
    assertThat(told.outcome).isEqualTo("OUTCOME_UNKNOWN 1 of 2 nodes hold it");
    assertThat(servers.shortBarriers).isEqualTo(2);
    assertThat(servers.revokedReplies).isOne();
    assertThat(servers.fenced).isEmpty();
  }

  @Test
  void replicasThatAreBehindAllTheTimeAreWaitedForWithOneMarker() {
    Told told = executed();
    servers.endIteration();
    servers.answerBarrier(1, 0, 1);
    servers.answerPlace(50);
    for (int i = 0; i < 5; i++) {
      servers.pass(100);
      assertThat(servers.barrierRequests()).isEqualTo(3);
      servers.answerWait(0, "slave0:ip=a,port=1,state=online,offset=" + (45 + i) + ",lag=0");
    }
    assertThat(told.outcome).isEmpty();
    servers.answerWait(0, "slave0:ip=a,port=1,state=online,offset=50,lag=0");
    assertThat(told.outcome).isEqualTo("OK");
  }

  @Test
  void anotherEpochAtTheBeginningFencesTheLeader() {
    Told told = executed();
    servers.endIteration();
    servers.refuseBarrier("FENCED epoch 2");
    assertThat(told.outcome).startsWith("OUTCOME_UNKNOWN it does not lead shard s1 any more");
    assertThat(servers.fenced).hasSize(1);
  }

  @Test
  void anotherEpochAtTheEndFencesTheLeader() {
    Told told = executed();
    servers.endIteration();
    servers.answerBarrier(1, 2, 2);
    assertThat(told.outcome).startsWith("OUTCOME_UNKNOWN it does not lead shard s1 any more");
    assertThat(servers.fenced).hasSize(1);
  }

  @Test
  void aNumberThatGoesBackFencesTheLeader() {
    executed();
    servers.endIteration();
    servers.answerBarrier(7, 1, 1);
    Told told = executed();
    servers.endIteration();
    servers.answerBarrier(7, 1, 1);
    assertThat(told.outcome).isEqualTo("OUTCOME_UNKNOWN its history went back");
    assertThat(servers.lostHistories).isOne();
    assertThat(servers.fenced).hasSize(1);
  }

  @Test
  void aLostConnectionEndsEverythingHeldAtOnce() {
    Told covered = executed();
    servers.endIteration();
    Told waiting = executed();
    servers.lose(LEADER);
    assertThat(covered.outcome).isEqualTo("OUTCOME_UNKNOWN connection lost");
    assertThat(waiting.outcome).isEqualTo("OUTCOME_UNKNOWN connection lost");
    servers.answerBarrier(1, 2, 1);
    assertThat(covered.outcome).isEqualTo("OUTCOME_UNKNOWN connection lost");
  }

  @Test
  void aLostConnectionToAnotherNodeDoesNotMatter() {
    Told told = executed();
    servers.endIteration();
    servers.lose(new NodeId("replica", 1));
    servers.answerBarrier(1, 1, 1);
    assertThat(told.outcome).isEqualTo("OK");
  }

  @Test
  void aBarrierOfAnotherRunOfTheServerProvesNothing() {
    Told told = executed();
    servers.endIteration();
    servers.runs.put(Lane.BARRIER, "run-2");
    servers.answerBarrier(1, 2, 1);
    assertThat(told.outcome).isEqualTo("OUTCOME_UNKNOWN it was restarted");
  }

  @Test
  void aBarrierThatFailsProvesNothing() {
    Told told = executed();
    servers.endIteration();
    servers.failBarrier();
    assertThat(told.outcome).isEqualTo("OUTCOME_UNKNOWN no barrier: gone");
  }

  @Test
  void theFirstBarrierBeginsTheMarker() {
    Told told = executed();
    servers.endIteration();
    servers.refuseBarrier("FENCED epoch false");
    Sent begin = servers.nextBarrierRequest();
    assertThat(begin.text()).contains("HSET");
    begin.reply(':', "2");
    servers.endIteration();
    servers.answerBarrier(1, 1, 1);
    assertThat(told.outcome).isEqualTo("OK");
  }

  @Test
  void aMarkerThatIsGoneIsBegunAgainWhereNobodyElseCouldLead() {
    executed();
    servers.endIteration();
    servers.answerBarrier(1, 1, 1);
    Told told = executed();
    servers.endIteration();
    servers.refuseBarrier("FENCED epoch false");
    assertThat(told.outcome).isEqualTo("OUTCOME_UNKNOWN it has lost the marker of shard s1");
    assertThat(servers.lostHistories).isOne();
    servers.nextBarrierRequest().reply(':', "2");
    Told next = executed();
    servers.endIteration();
    servers.answerBarrier(1, 1, 1);
    assertThat(next.outcome).isEqualTo("OK");
  }

  @Test
  void aMarkerThatIsGoneIsNotBegunAgainWhereAnotherMayLead() {
    LeaderPolicy coordinated = policy(Lease.ALWAYS, false);
    Told told = new Told();
    coordinated.write(
        OwnRequest.writing("SET", "k", "v"),
        SHARD,
        LANE,
        WriteLevel.QUORUM,
        ClientView.UNTRACKED,
        told);
    servers.nextData().reply('+', "OK");
    servers.endIteration();
    servers.refuseBarrier("FENCED epoch false");
    assertThat(told.outcome).isEqualTo("OUTCOME_UNKNOWN it has lost the marker of shard s1");
    assertThat(servers.fenced).hasSize(1);
  }

  @Test
  void threeCopiesNeedTwoReplicasWithDifferentAddresses() {
    Told told = write(WriteLevel.ALL);
    servers.nextData().reply('+', "OK");
    servers.endIteration();
    answerCounted("slave0:ip=a,port=1,state=online,offset=50,lag=0");
    assertThat(told.outcome).isEmpty();
    answerWait(
        """
        slave0:ip=a,port=1,state=online,offset=50,lag=0
        slave1:ip=a,port=1,state=online,offset=50,lag=0
        """);
    assertThat(told.outcome).isEmpty();
    answerWait(
        """
        slave0:ip=a,port=1,state=online,offset=50,lag=0
        slave1:ip=a,port=2,state=online,offset=60,lag=0
        """);
    assertThat(told.outcome).isEqualTo("OK");
  }

  private void answerCounted(String replicas) {
    servers.nextBarrierRequest().reply(':', "1");
    servers.nextBarrierRequest().reply('$', "master_repl_offset:50\n");
    answerWait(replicas);
  }

  private void answerWait(String replicas) {
    servers.nextBarrierRequest().reply(':', "2");
    servers.nextBarrierRequest().reply('$', replicas + "\nmaster_repl_offset:70\n");
    servers.nextBarrierRequest().reply('$', "1 1");
  }

  @Test
  void aNewEpochEndsWhatTheOldOneHeld() {
    Told old = executed();
    Shard next = new Shard("s1", 0, 1, SHARD.nodes(), 2);
    Told told = new Told();
    policy.write(
        OwnRequest.writing("DEL", "k"), next, LANE, WriteLevel.QUORUM, ClientView.UNTRACKED, told);
    assertThat(old.outcome).isEqualTo("OUTCOME_UNKNOWN shard s1 has begun epoch 2");
  }

  @Test
  void aLateRequestOfAnOldEpochDoesNotEndTheNewOne() {
    Shard next = new Shard("s1", 0, 1, SHARD.nodes(), 2);
    Told told = new Told();
    policy.write(
        OwnRequest.writing("DEL", "k"), next, LANE, WriteLevel.QUORUM, ClientView.UNTRACKED, told);
    servers.nextData().reply(':', "1");
    servers.endIteration();
    assertThat(write(WriteLevel.QUORUM).outcome).isEqualTo("NOT_SENT shard s1 has begun epoch 2");
    servers.answerBarrier(1, 1, 2);
    assertThat(told.outcome).isEqualTo("1");
  }

  @Test
  void linearizableReadsWaitForABarrierToo() {
    Told told = new Told();
    policy.read(
        OwnRequest.reading("GET", "k"),
        SHARD,
        LANE,
        ReadLevel.LINEARIZABLE,
        ClientView.UNTRACKED,
        told);
    servers.nextData().reply('$', "v");
    assertThat(told.outcome).isEmpty();
    servers.endIteration();
    servers.answerBarrier(1, 1, 1);
    assertThat(told.outcome).isEqualTo("v");
  }

  @Test
  void aFencedLeaderGetsNoMoreRequestsUntilItIsBack() {
    executed();
    servers.endIteration();
    servers.refuseBarrier("FENCED epoch 2");
    assertThat(write(WriteLevel.QUORUM).outcome)
        .isEqualTo("NOT_SENT it does not lead shard s1 any more: FENCED epoch 2");
    servers.pass(1000);
    servers.refuseBarrier("FENCED epoch 2");
    assertThat(write(WriteLevel.QUORUM).outcome).startsWith("NOT_SENT ");
    servers.pass(1000);
    servers.answerBarrier(1, 0, 1);
    assertThat(write(WriteLevel.QUORUM).outcome).isEmpty();
  }

  @Test
  void anUnfitLeaderPromisesNothing() {
    servers.unfit = "a Sentinel watches it";
    assertThat(write(WriteLevel.QUORUM).outcome).isEqualTo("NOT_SENT a Sentinel watches it");
    assertThat(write(WriteLevel.ASYNC).outcome).isEmpty();
  }

  @Test
  void aLeaderIsNotLookedAfterWhenItsEpochIsOver() {
    executed();
    servers.endIteration();
    servers.refuseBarrier("FENCED epoch 2");
    Shard next = new Shard("s1", 0, 1, SHARD.nodes(), 2);
    OwnRequest request = OwnRequest.writing("SET", "k", "v");
    policy.write(request, next, LANE, WriteLevel.QUORUM, ClientView.UNTRACKED, new Told());
    servers.pass(1000);
    assertThat(servers.barrierRequests()).isZero();
  }

  // Under a lease

  private Told readLeased() {
    Told told = new Told();
    leased.read(
        OwnRequest.reading("GET", "k"), SHARD, LANE, ReadLevel.LEADER, ClientView.UNTRACKED, told);
    return told;
  }

  private Told writeLeased(ClientView view) {
    Told told = new Told();
    leased.write(OwnRequest.writing("SET", "k", "v"), SHARD, LANE, WriteLevel.ASYNC, view, told);
    return told;
  }

  private void pass(long millis) {
    now = new Moment(now.nanos() + millis * 1_000_000, now.wallMillis() + millis);
  }

  @Test
  void repliesThatArriveUnderTheLeaseArePassedOnAtOnce() {
    Told read = readLeased();
    Told write = writeLeased(ClientView.UNTRACKED);
    lease.granted(now);
    servers.nextData().reply('$', "v");
    servers.nextData().reply('+', "OK");
    assertThat(read.outcome).isEqualTo("v");
    assertThat(write.outcome).isEqualTo("OK");
    assertThat(servers.barrierRequests()).isZero();
  }

  @Test
  void repliesThatArriveBehindTheLeaseWaitForABarrier() {
    lease.granted(now);
    Told read = readLeased();
    Told write = writeLeased(ClientView.UNTRACKED);
    pass(2770);
    servers.nextData().reply('$', "v");
    servers.nextData().reply('+', "OK");
    servers.endIteration();
    assertThat(read.outcome + write.outcome).isEmpty();
    servers.answerBarrier(1, 1, 1);
    assertThat(read.outcome).isEqualTo("v");
    assertThat(write.outcome).isEqualTo("OK");
  }

  @Test
  void withoutALeaseADeposedLeaderIsNotBelieved() {
    Told read = readLeased();
    servers.nextData().reply('$', "v");
    servers.endIteration();
    servers.refuseBarrier("FENCED epoch 2");
    assertThat(read.outcome).startsWith("OUTCOME_UNKNOWN it does not lead shard s1 any more");
    Told again = readLeased();
    servers.nextData().reply('$', "v");
    assertThat(again.outcome).startsWith("OUTCOME_UNKNOWN it does not lead shard s1 any more");
    assertThat(servers.barrierRequests()).isZero();
  }

  @Test
  void withoutALeaseAnUnfitLeaderIsNotBelieved() {
    servers.unfit = "a Sentinel watches it";
    Told read = readLeased();
    servers.nextData().reply('$', "v");
    assertThat(read.outcome).isEqualTo("OUTCOME_UNKNOWN a Sentinel watches it");
  }

  @Test
  void repliesOfAnEpochThatIsOverDoNotCount() {
    lease.granted(now);
    Told read = readLeased();
    Told write = writeLeased(ClientView.UNTRACKED);
    newest = newest.apply(new FenceShard("s1", 9, false));
    servers.nextData().reply('$', "v");
    servers.nextData().reply('+', "OK");
    assertThat(read.outcome).isEqualTo("OUTCOME_UNKNOWN shard s1 has begun another epoch");
    assertThat(write.outcome).isEqualTo("OUTCOME_UNKNOWN shard s1 has begun another epoch");
  }

  @Test
  void changesOfOtherShardsDoNotMatter() {
    Shard other = Shard.of("s0", new NodeId("other", 1), new NodeId("other", 2));
    newest = Topology.initial(List.of(other, SHARD)).apply(new FenceShard("s0", 9, false));
    lease.granted(now);
    Told read = readLeased();
    servers.nextData().reply('$', "v");
    assertThat(read.outcome).isEqualTo("v");
  }

  @Test
  void aWallClockThatIsSetEndsTheLease() {
    lease.granted(now);
    now = new Moment(now.nanos(), now.wallMillis() + 200);
    Told read = readLeased();
    servers.nextData().reply('$', "v");
    assertThat(read.outcome).isEmpty();
  }

  @Test
  void aLeaseThatWasAskedForLongAgoHelpsNobody() {
    Moment asked = now;
    pass(2770);
    lease.granted(asked);
    Told read = readLeased();
    servers.nextData().reply('$', "v");
    assertThat(read.outcome).isEmpty();
  }

  @Test
  void refusalsNeedNoLease() {
    Told read = readLeased();
    servers.nextData().reply('-', "NOPERM");
    assertThat(read.outcome).isEqualTo("NOPERM");
  }

  @Test
  void anErrorThatTellsOfAStateNeedsALease() {
    Told read = readLeased();
    servers.nextData().reply('-', "WRONGTYPE");
    servers.endIteration();
    assertThat(read.outcome).isEmpty();
    servers.answerBarrier(1, 1, 1);
    assertThat(read.outcome).isEqualTo("WRONGTYPE");
  }

  @Test
  void aShardOfOneNodeIsAskedForItsEpoch() {
    Shard alone = Shard.of("s1", LEADER);
    newest = Topology.initial(List.of(alone));
    Told told = new Told();
    leased.write(
        OwnRequest.writing("SET", "k", "v"),
        alone,
        LANE,
        WriteLevel.DEFAULT,
        ClientView.UNTRACKED,
        told);
    servers.nextData().reply('+', "OK");
    servers.endIteration();
    assertThat(told.outcome).isEmpty();
    servers.answerBarrier(1, 0, 1);
    assertThat(told.outcome).isEqualTo("OK");
  }

  @Test
  void whatABarrierHasProvedTheClientMayReadFromReplicas() {
    ClientView view = new ClientView(1);
    writeLeased(view);
    servers.nextData().reply('+', "OK");
    servers.endIteration();
    assertThat(view.needsLeader(SHARD)).isTrue();
    servers.answerBarrier(1, 1, 1);
    assertThat(view.needsLeader(SHARD)).isFalse();
    lease.granted(now);
    writeLeased(view);
    servers.nextData().reply('+', "OK");
    assertThat(view.needsLeader(SHARD)).isTrue();
  }
}
