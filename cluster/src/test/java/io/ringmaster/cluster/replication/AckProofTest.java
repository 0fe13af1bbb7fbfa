package io.ringmaster.cluster.replication;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ringmaster.cluster.replication.ScriptedBackends.Sent;
import io.ringmaster.cluster.spi.BackendFailure;
import io.ringmaster.cluster.spi.Lane;
import io.ringmaster.cluster.topology.NodeId;
import io.ringmaster.cluster.topology.Shard;
import io.ringmaster.protocol.ProtocolVersion;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What replicas tell by themselves, and what is done when they do not. */
class AckProofTest {

  private static final NodeId LEADER = new NodeId("leader", 1);
  private static final NodeId ONE = new NodeId("replica", 1);
  private static final NodeId OTHER = new NodeId("replica", 2);
  private static final Lane LANE = Lane.data(0, ProtocolVersion.RESP2);
  private static final Lane OTHER_LANE = Lane.data(3, ProtocolVersion.RESP3);
  private static final Lane SPARE = LANE.numbered(-1);
  private static final Lane LENT = LANE.numbered(1);
  private static final Shard SHARD = Shard.of("s1", LEADER, ONE, OTHER);

  private final ScriptedBackends servers = new ScriptedBackends();
  private final LeaderMarker marker = new LeaderMarker(SHARD, true);
  private final CommitGroup group = group(2);
  private final Writer client = new Writer(servers);
  private final List<String> told = client.told;

  private CommitGroup group(int writeQuorum) {
    CommitGroup fresh = new CommitGroup(servers.means(), marker, SHARD, writeQuorum);
    fresh.listen();
    return fresh;
  }

  /** The first proof is a barrier, and both replicas tell of it. */
  @BeforeEach
  void begin() {
    prove(group, 1);
  }

  private void prove(CommitGroup begun, long number) {
    Sent first = client.write(begun, LANE);
    servers.endIteration();
    first.reply('+', "OK");
    servers.endIteration();
    servers.answerBarrier(number, 2, 1);
    servers.publish(ONE, 1);
    servers.publish(OTHER, 1);
    servers.endIteration();
    // Behind the first write, whose reply is proved already.
    servers.nextData().reply(':', "" + (number + 1));
    servers.publish(ONE, 2);
    servers.publish(OTHER, 2);
    assertThat(told).containsExactly("OK");
    told.clear();
  }

  private Sent write(Lane lane) {
    return client.write(group, lane);
  }

  /** Writes, and what comes behind it. */
  private Sent advance(String... toldBefore) {
    Sent write = write(LANE);
    servers.endIteration();
    Sent advance = servers.nextData();
    write.reply('+', "OK");
    assertThat(advance.lane()).isEqualTo(LANE);
    assertThat(told).containsExactly(toldBefore);
    return advance;
  }

  @Test
  void theMarkerIsAdvancedBehindTheWrites() {
    Sent advance = advance();
    advance.reply(':', "3");
    assertThat(told).isEmpty();
    servers.publish(OTHER, 3);
    assertThat(told).containsExactly("OK");
    assertThat(servers.barrierRequests()).isZero();
    assertThat(group.isBusy()).isFalse();
  }

  @Test
  void whatIsToldCountsOnceTheLeaderHasAnswered() {
    Sent advance = advance();
    servers.publish(ONE, 3);
    assertThat(told).isEmpty();
    advance.reply(':', "3");
    assertThat(told).containsExactly("OK");
  }

  @Test
  void writesOfOneIterationShareAnAdvance() {
    Sent one = write(LANE);
    Sent other = write(LANE);
    servers.endIteration();
    Sent advance = servers.nextData();
    one.reply('+', "one");
    other.reply('+', "other");
    advance.reply(':', "3");
    servers.publish(ONE, 3);
    assertThat(told).containsExactly("one", "other");
  }

  @Test
  void theNextAdvanceWaitsForTheAnswerToTheOneBefore() {
    Sent advance = advance();
    Sent next = write(LANE);
    servers.endIteration();
    advance.reply(':', "3");
    servers.endIteration();
    Sent nextAdvance = servers.nextData();
    next.reply('+', "next");
    nextAdvance.reply(':', "4");
    servers.publish(ONE, 4);
    assertThat(told).containsExactly("OK", "next");
  }

  @Test
  void anotherConnectionHasAnAdvanceOfItsOwn() {
    Sent write = write(LANE);
    Sent elsewhere = write(OTHER_LANE);
    servers.endIteration();
    Sent advance = servers.nextData();
    write.reply('+', "OK");
    elsewhere.reply('+', "elsewhere");
    advance.reply(':', "3");
    servers.publish(ONE, 3);
    assertThat(told).containsExactly("OK");
    servers.endIteration();
    Sent next = servers.nextData();
    assertThat(next.lane()).isEqualTo(OTHER_LANE);
    next.reply(':', "4");
    servers.publish(ONE, 4);
    assertThat(told).containsExactly("OK", "elsewhere");
  }

  @Test
  void whatCameElsewhereWhileItWasUnderWayIsNotCovered() {
    Sent advance = advance();
    Sent elsewhere = write(OTHER_LANE);
    elsewhere.reply('+', "elsewhere");
    advance.reply(':', "3");
    servers.publish(ONE, 3);
    assertThat(told).containsExactly("OK");
    servers.endIteration();
    Sent next = servers.nextData();
    next.reply(':', "4");
    servers.publish(ONE, 4);
    assertThat(told).containsExactly("OK", "elsewhere");
  }

  @Test
  void whatWasAnsweredElsewhereBeforeIsCoveredToo() {
    Sent elsewhere = write(OTHER_LANE);
    Sent write = write(LANE);
    elsewhere.reply('+', "elsewhere");
    servers.endIteration();
    Sent advance = servers.nextData();
    assertThat(advance.lane()).isEqualTo(OTHER_LANE);
    write.reply('+', "OK");
    advance.reply(':', "3");
    servers.publish(ONE, 3);
    assertThat(told).containsExactly("elsewhere");
  }

  @Test
  void aReplyThatCouldNotBeHeldIsToldOnce() {
    Sent large = write(LENT);
    servers.exhausted = true;
    assertThatThrownBy(() -> large.reply('+', "large")).hasMessage("on purpose");
    large.callback().onFailure(BackendFailure.OUTCOME_UNKNOWN, LEADER, "it could not be handled");
    servers.exhausted = false;
    assertThat(group.isBusy()).isFalse();
    Sent advance = advance("OUTCOME_UNKNOWN it could not be handled");
    advance.reply(':', "3");
    servers.publish(ONE, 3);
    assertThat(told).containsExactly("OUTCOME_UNKNOWN it could not be handled", "OK");
  }

  @Test
  void nobodyWaitsForALargeRequest() {
    Sent large = write(LENT);
    servers.endIteration();
    assertThat(servers.dataRequests()).isZero();
    Sent advance = advance();
    advance.reply(':', "3");
    servers.publish(ONE, 3);
    assertThat(told).containsExactly("OK");
    large.reply('+', "large");
    servers.endIteration();
    Sent next = servers.nextData();
    assertThat(next.lane()).isEqualTo(LANE);
    next.reply(':', "4");
    servers.publish(ONE, 4);
    assertThat(told).containsExactly("OK", "large");
    assertThat(servers.barrierRequests()).isZero();
  }

  @Test
  void nobodyWaitsBehindALargeReply() {
    Sent before = write(LANE);
    servers.detours.put(LANE, SPARE);
    servers.endIteration();
    Sent advance = servers.nextData();
    assertThat(advance.lane()).isEqualTo(SPARE);
    Sent later = write(SPARE);
    later.reply('+', "later");
    // The server may have executed it behind the advance.
    before.reply('+', "before");
    advance.reply(':', "3");
    servers.publish(ONE, 3);
    assertThat(told).containsExactly("later");
    servers.endIteration();
    Sent next = servers.nextData();
    assertThat(next.lane()).isEqualTo(SPARE);
    next.reply(':', "4");
    servers.publish(ONE, 4);
    assertThat(told).containsExactly("later", "before");
    assertThat(servers.barrierRequests()).isZero();
  }

  @Test
  void whatWasSentOnASpareLaneIsProvedAlsoOnceTheOtherIsTakenAgain() {
    servers.detours.put(LANE, SPARE);
    Sent before = write(SPARE);
    servers.detours.clear();
    servers.endIteration();
    Sent advance = servers.nextData();
    assertThat(advance.lane()).isEqualTo(LANE);
    before.reply('+', "OK");
    advance.reply(':', "3");
    servers.publish(ONE, 3);
    assertThat(told).isEmpty();
    servers.endIteration();
    servers.nextData().reply(':', "4");
    servers.publish(ONE, 4);
    assertThat(told).containsExactly("OK");
  }

  @Test
  void anAdvanceThatWasSentBeforeALargeReplyCameDoesNotCoverIt() {
    Sent large = write(LENT);
    Sent advance = advance();
    large.reply('+', "large");
    advance.reply(':', "3");
    servers.publish(ONE, 3);
    assertThat(told).containsExactly("OK");
  }

  @Test
  void aLostConnectionThatWasLentConcernsItsOwnReplyAlone() {
    Sent large = write(LENT);
    Sent advance = advance();
    large.reply('+', "large");
    group.lost(LENT, "connection lost");
    assertThat(told).containsExactly("OUTCOME_UNKNOWN connection lost");
    advance.reply(':', "3");
    servers.publish(ONE, 3);
    assertThat(told).containsExactly("OUTCOME_UNKNOWN connection lost", "OK");
  }

  @Test
  void aConnectionThatWasLentAndIsClosedSaysNothingOfTheRun() {
    write(LENT).reply('+', "large");
    servers.endIteration();
    servers.nextData().reply(':', "3");
    servers.publish(ONE, 3);
    assertThat(told).containsExactly("large");
    told.clear();
    servers.runs.put(LENT, "");
    Sent advance = advance();
    advance.reply(':', "4");
    servers.publish(ONE, 4);
    assertThat(told).containsExactly("OK");
  }

  @Test
  void aLargeReplyOfAnotherRunIsNotProved() {
    write(LENT).reply('+', "large");
    servers.runs.put(LENT, "run-0");
    servers.endIteration();
    servers.nextData().reply(':', "3");
    servers.publish(ONE, 3);
    assertThat(told).containsExactly("OUTCOME_UNKNOWN it was restarted");
  }

  @Test
  void oneReplicaIsNotTwo() {
    CommitGroup all = group(3);
    Sent first = client.write(all, LANE);
    servers.endIteration();
    first.reply('+', "OK");
    servers.endIteration();
    servers.nextBarrierRequest().reply(':', "3");
    servers.nextBarrierRequest().reply('$', "master_repl_offset:5\r\n");
    servers.nextBarrierRequest().reply(':', "2");
    servers
        .nextBarrierRequest()
        .reply(
            '$',
            """
            slave0:ip=replica,port=1,state=online,offset=5,lag=0
            slave1:ip=replica,port=2,state=online,offset=5,lag=0
            """);
    servers.nextBarrierRequest().reply('$', "1 3");
    servers.publish(ONE, 1);
    servers.publish(ONE, 1);
    servers.endIteration();
    assertThat(servers.dataRequests()).isZero();
    servers.publish(OTHER, 1);
    servers.endIteration();
    servers.nextData().reply(':', "4");
    told.clear();

    Sent write = client.write(all, LANE);
    servers.endIteration();
    assertThat(servers.dataRequests()).isEqualTo(1);
    write.reply('+', "OK");
    servers.nextData().reply(':', "5");
    servers.publish(ONE, 3);
    servers.publish(ONE, 3);
    assertThat(told).isEmpty();
    servers.publish(OTHER, 3);
    assertThat(told).containsExactly("OK");
  }

  @Test
  void barriersTakeOverWhenNobodyTells() {
    advance().reply(':', "3");
    servers.pass(9);
    servers.endIteration();
    assertThat(servers.barrierRequests()).isZero();
    servers.pass(11);
    servers.endIteration();
    servers.answerBarrier(4, 1, 1);
    assertThat(told).containsExactly("OK");
  }

  @Test
  void afterwardsReplicasAreReliedUponOnceTheyTellOfABarrier() {
    barriersTakeOverWhenNobodyTells();
    // Too late: of the advance that was given up.
    servers.publish(ONE, 3);
    Sent write = write(LANE);
    servers.endIteration();
    assertThat(servers.dataRequests()).isZero();
    write.reply('+', "again");
    servers.endIteration();
    servers.answerBarrier(5, 1, 1);
    assertThat(told).containsExactly("OK", "again");
    servers.publish(ONE, 5);
    servers.endIteration();
    assertThat(servers.dataRequests()).isEqualTo(1);
  }

  @Test
  void thoseThatAreFarAwayAreWaitedForTwiceAsLongAsABarrierTakes() {
    advance().reply(':', "3");
    servers.pass(20);
    servers.endIteration();
    servers.pass(50);
    servers.answerBarrier(4, 1, 1);
    servers.publish(ONE, 4);
    told.clear();

    advance().reply(':', "5");
    servers.pass(99);
    servers.endIteration();
    assertThat(servers.barrierRequests()).isZero();
    servers.pass(101);
    servers.endIteration();
    assertThat(servers.barrierRequests()).isEqualTo(3);
  }

  @Test
  void whatLeadsInAnotherEpochIsFenced() {
    advance().reply('-', "FENCED epoch 2");
    assertThat(told)
        .containsExactly("OUTCOME_UNKNOWN it does not lead shard s1 any more: FENCED epoch 2");
    assertThat(servers.fenced).hasSize(1);
    assertThat(group.refusal()).contains("does not lead shard s1 any more");
  }

  @Test
  void aNumberThatWasThereBeforeShowsThatHistoryIsLost() {
    Sent advance = advance();
    servers.publish(ONE, 3);
    advance.reply(':', "2");
    assertThat(told).containsExactly("OUTCOME_UNKNOWN its history went back");
    assertThat(servers.lostHistories).isEqualTo(1);
  }

  @Test
  void aLostConnectionLeavesAllUnknown() {
    Sent advance = advance();
    group.revoke("connection lost");
    advance.reply(':', "3");
    servers.publish(ONE, 3);
    assertThat(told).containsExactly("OUTCOME_UNKNOWN connection lost");
  }

  @Test
  void whatIsStillToBeAnsweredAfterALossIsProvedByABarrier() {
    Sent write = write(OTHER_LANE);
    servers.endIteration();
    Sent advance = servers.nextData();
    group.revoke("another connection was lost");
    advance.reply(':', "3");
    write.reply('+', "OK");
    servers.endIteration();
    assertThat(told).isEmpty();
    servers.answerBarrier(4, 1, 1);
    assertThat(told).containsExactly("OK");
  }

  /** Else nothing would be proved until its numbers are as high again, or the wrong thing. */
  @Test
  void whatReplicasToldOfALeaderThatBeganWithLowerNumbersCountsNoMore() {
    for (int number = 3; number <= 6; number++) {
      Sent advance = advance();
      advance.reply(':', "" + number);
      servers.publish(ONE, number);
      told.clear();
    }
    group.revoke("connection lost");
    write(LANE).reply('+', "first");
    servers.endIteration();
    servers.answerBarrier(1, 1, 1);
    assertThat(told).containsExactly("OUTCOME_UNKNOWN its history went back");
    told.clear();
    write(LANE).reply('+', "second");
    servers.endIteration();
    assertThat(told).isEmpty();
    servers.answerBarrier(2, 1, 1);
    assertThat(told).containsExactly("second");
  }

  @Test
  void aMarkerThatSomebodyElseBeganAnewShowsThatHistoryIsLost() {
    Sent advance = advance();
    servers.publish(ONE, 3);
    marker.begin();
    advance.reply(':', "3");
    assertThat(told).containsExactly("OUTCOME_UNKNOWN its history went back");
  }

  @Test
  void anotherRunOfTheLeaderProvesNothing() {
    write(OTHER_LANE).reply('+', "elsewhere");
    servers.endIteration();
    servers.nextData().reply(':', "3");
    servers.publish(ONE, 3);
    assertThat(told).containsExactly("elsewhere");
    told.clear();

    Sent advance = advance();
    servers.runs.put(OTHER_LANE, "run-2");
    advance.reply(':', "4");
    servers.publish(ONE, 4);
    assertThat(told).containsExactly("OUTCOME_UNKNOWN it was restarted");
  }

  @Test
  void anAdvanceThatCannotBeSentIsFollowedByABarrier() {
    Sent advance = advance();
    advance.callback().onFailure(BackendFailure.NOT_SENT, LEADER, "too many requests");
    servers.endIteration();
    servers.answerBarrier(3, 1, 1);
    assertThat(told).containsExactly("OK");
  }

  @Test
  void whatIsRetiredAdvancesNothing() {
    Sent write = write(LANE);
    group.retire("shard s1 has begun epoch 2");
    servers.endIteration();
    assertThat(servers.dataRequests()).isZero();
    write.reply('+', "OK");
    servers.endIteration();
    servers.refuseBarrier("FENCED epoch 2");
    assertThat(told)
        .containsExactly("OUTCOME_UNKNOWN it does not lead shard s1 any more: FENCED epoch 2");
  }
}
