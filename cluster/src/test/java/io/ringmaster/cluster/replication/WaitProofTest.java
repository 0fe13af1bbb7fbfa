package io.ringmaster.cluster.replication;

import static org.assertj.core.api.Assertions.assertThat;

import io.ringmaster.cluster.replication.ScriptedBackends.Sent;
import io.ringmaster.cluster.spi.BackendFailure;
import io.ringmaster.cluster.spi.Lane;
import io.ringmaster.cluster.topology.NodeId;
import io.ringmaster.cluster.topology.Shard;
import io.ringmaster.protocol.ProtocolVersion;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** When a barrier begins: after how many of the replies that it could cover. */
class WaitProofTest {

  private static final NodeId LEADER = new NodeId("leader", 1);
  private static final Lane LANE = Lane.data(0, ProtocolVersion.RESP2);
  private static final Shard SHARD =
      Shard.of("s1", LEADER, new NodeId("replica", 1), new NodeId("replica", 2));

  private final ScriptedBackends servers = new ScriptedBackends();
  private final LeaderMarker marker = new LeaderMarker(SHARD, true);
  private final CommitGroup group = new CommitGroup(servers.means(), marker, SHARD, 2);
  private final Writer client = new Writer(servers);
  private final List<String> told = client.told;

  /** The first barrier takes 10 ms. */
  @BeforeEach
  void measure() {
    Sent first = write();
    reply(first);
    servers.pass(10);
    servers.answerBarrier(1, 1, 1);
    assertThat(told).containsExactly("OK");
    told.clear();
  }

  private Sent write() {
    return client.write(group, LANE);
  }

  private void reply(Sent sent) {
    sent.reply('+', "OK");
    servers.endIteration();
  }

  @Test
  void whoWritesAloneDoesNotWait() {
    reply(write());
    assertThat(servers.barrierRequests()).isEqualTo(3);
  }

  @Test
  void halfOfTheRepliesInFlightAreWaitedFor() {
    Sent one = write();
    Sent other = write();
    write();
    reply(one);
    assertThat(servers.barrierRequests()).isZero();
    reply(other);
    assertThat(servers.barrierRequests()).isEqualTo(3);
    servers.answerBarrier(2, 1, 1);
    assertThat(told).containsExactly("OK", "OK");
  }

  @Test
  void oneThatFailsIsNotWaitedFor() {
    Sent one = write();
    Sent other = write();
    write();
    reply(one);
    other.callback().onFailure(BackendFailure.NOT_SENT, LEADER, "refused");
    servers.endIteration();
    assertThat(servers.barrierRequests()).isEqualTo(3);
  }

  @Test
  void oneThatIsRefusedIsNotWaitedFor() {
    Sent one = write();
    Sent other = write();
    write();
    reply(one);
    other.reply('-', "NOPERM");
    servers.endIteration();
    assertThat(told).containsExactly("NOPERM");
    assertThat(servers.barrierRequests()).isEqualTo(3);
  }

  @Test
  void thoseThatStayAwayAreNotWaitedForLong() {
    Sent one = write();
    Sent other = write();
    write();
    reply(one);
    assertThat(servers.barrierRequests()).isZero();
    servers.pass(2);
    assertThat(servers.barrierRequests()).isEqualTo(3);
    reply(other);
    servers.answerBarrier(2, 1, 1);
    assertThat(told).containsExactly("OK");
    servers.endIteration();
    servers.answerBarrier(3, 1, 1);
    assertThat(told).containsExactly("OK", "OK");
  }

  @Test
  void aTimerThatIsLateFindsNothingToDo() {
    Sent one = write();
    Sent other = write();
    write();
    reply(one);
    reply(other);
    servers.pass(2);
    assertThat(servers.barrierRequests()).isEqualTo(3);
  }
}
