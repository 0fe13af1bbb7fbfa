package io.ringmaster.cluster.replication;

import static org.assertj.core.api.Assertions.assertThat;

import io.ringmaster.cluster.replication.ScriptedBackends.Sent;
import io.ringmaster.cluster.spi.BackendFailure;
import io.ringmaster.cluster.spi.Lane;
import io.ringmaster.cluster.spi.ReplyCallback;
import io.ringmaster.cluster.topology.NodeId;
import io.ringmaster.cluster.topology.ReadLevel;
import io.ringmaster.cluster.topology.Shard;
import io.ringmaster.cluster.topology.Topology;
import io.ringmaster.cluster.topology.WriteLevel;
import io.ringmaster.protocol.OwnRequest;
import io.ringmaster.protocol.ProtocolVersion;
import io.ringmaster.protocol.Reply;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ReplicaReadsTest {

  private static final NodeId LEADER = new NodeId("leader", 1);
  private static final NodeId FIRST = new NodeId("replica", 1);
  private static final NodeId SECOND = new NodeId("replica", 2);
  private static final Lane LANE = Lane.data(0, ProtocolVersion.RESP2);
  private static final Shard SHARD = Shard.of("s1", LEADER, FIRST, SECOND);

  private final ScriptedBackends servers = new ScriptedBackends();
  private final LeaderPolicy policy =
      new LeaderPolicy(
          servers,
          servers,
          new BarrierSettings(100, 1000, true, new Marker(15)),
          servers,
          servers,
          Lease.ALWAYS,
          () -> Topology.initial(List.of(SHARD)));
  private final ClientView view = new ClientView(1);
  private String told = "";

  @BeforeEach
  void bothReplicasAreFresh() {
    servers.fresh.add(FIRST);
    servers.fresh.add(SECOND);
  }

  private final ReplyCallback callback =
      new ReplyCallback() {
        @Override
        public void onReply(Reply reply) {
          told += reply.text() + ";";
        }

        @Override
        public void onFailure(BackendFailure failure, NodeId node, String reason) {
          told += failure + ";";
        }
      };

  private void read(ReadLevel level) {
    policy.read(OwnRequest.reading("GET", "k"), SHARD, LANE, level, view, callback);
  }

  /** The client writes, and is told so. */
  private void write(WriteLevel level) {
    OwnRequest set = OwnRequest.writing("SET", "k", "v");
    policy.write(set, SHARD, LANE, level, view, callback);
    servers.nextData().reply('+', "OK");
  }

  private Sent expect(NodeId node) {
    Sent sent = servers.nextData();
    assertThat(sent.node()).isEqualTo(node);
    return sent;
  }

  @Test
  void aConnectionStaysWithOneReplica() {
    for (int i = 0; i < 5; i++) {
      read(ReadLevel.REPLICA);
      expect(SECOND).reply('$', "v");
    }
    assertThat(told).isEqualTo("v;v;v;v;v;");
  }

  @Test
  void aStaleReplicaIsLeftOut() {
    servers.fresh.remove(SECOND);
    read(ReadLevel.REPLICA);
    expect(FIRST);
    servers.fresh.remove(FIRST);
    read(ReadLevel.REPLICA);
    expect(LEADER);
  }

  @Test
  void theLeaderAnswersForAReplicaThatCannot() {
    read(ReadLevel.REPLICA);
    expect(SECOND).callback().onFailure(BackendFailure.OUTCOME_UNKNOWN, SECOND, "gone");
    expect(LEADER).reply('$', "v");
    read(ReadLevel.REPLICA);
    expect(SECOND).reply('-', "MASTERDOWN Link with MASTER is down");
    expect(LEADER).reply('$', "w");
    assertThat(told).isEqualTo("v;w;");
  }

  @Test
  void theNearestNodeIsTheOneThatAnswersFastest() {
    servers.latencies.put(LEADER, 100L);
    servers.latencies.put(FIRST, 50L);
    servers.latencies.put(SECOND, 70L);
    read(ReadLevel.NEAREST);
    expect(FIRST);
    servers.latencies.put(LEADER, 10L);
    read(ReadLevel.NEAREST);
    expect(LEADER);
  }

  @Test
  void aReplicaBehindTheClientsOwnWriteIsReplacedByTheLeader() {
    write(WriteLevel.QUORUM);
    servers.endIteration();
    servers.answerBarrier(5, 1, 1);
    read(ReadLevel.REPLICA);
    expect(SECOND).reply('$', "1 4");
    expect(SECOND).reply('$', "old");
    expect(LEADER).reply('$', "new");
    read(ReadLevel.REPLICA);
    expect(SECOND).reply('$', "1 5");
    expect(SECOND).reply('$', "new");
    assertThat(told).isEqualTo("OK;new;new;");
  }

  @Test
  void aWriteThatNoBarrierCoversIsReadFromTheLeader() {
    write(WriteLevel.ASYNC);
    read(ReadLevel.REPLICA);
    expect(LEADER);
  }

  @Test
  void whileAWriteIsOnItsWayTheLeaderIsRead() {
    OwnRequest set = OwnRequest.writing("SET", "k", "v");
    policy.write(set, SHARD, LANE, WriteLevel.QUORUM, view, callback);
    expect(LEADER);
    read(ReadLevel.FIRST);
    expect(LEADER).reply('$', "v");
    assertThat(told).isEqualTo("v;");
  }

  @Test
  void theFirstAnswerWins() {
    read(ReadLevel.FIRST);
    Sent leader = expect(LEADER);
    expect(FIRST).reply('$', "fast");
    expect(SECOND).reply('$', "late");
    leader.reply('$', "later");
    assertThat(told).isEqualTo("fast;");
  }

  @Test
  void aReplicaWithoutAValueDecidesNothing() {
    read(ReadLevel.FIRST);
    Sent leader = expect(LEADER);
    expect(FIRST).reply('$', "-1");
    expect(SECOND).reply('-', "LOADING");
    leader.reply('$', "value");
    assertThat(told).isEqualTo("value;");
  }

  @Test
  void withoutTheLeaderTheLastAnswerDecides() {
    read(ReadLevel.FIRST);
    expect(LEADER).callback().onFailure(BackendFailure.NOT_SENT, LEADER, "gone");
    expect(FIRST).reply('$', "-1");
    expect(SECOND).reply('$', "-1");
    assertThat(told).isEqualTo("-1;");
  }
}
