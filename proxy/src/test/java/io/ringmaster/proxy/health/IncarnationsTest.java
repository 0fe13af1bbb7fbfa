package io.ringmaster.proxy.health;

import static org.assertj.core.api.Assertions.assertThat;

import io.ringmaster.cluster.topology.MarkerPosition;
import io.ringmaster.cluster.topology.Node;
import io.ringmaster.cluster.topology.NodeId;
import io.ringmaster.cluster.topology.Shard;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

class IncarnationsTest {

  private static final Shard SHARD =
      Shard.of("s1", NodeId.parse("127.0.0.1:1"), NodeId.parse("127.0.0.1:2"));
  private static final Node LEADER = SHARD.leader();
  private static final Node REPLICA = SHARD.nodes().get(1);
  private static final ReplicationState STREAM = Probed.master("history", 100, marker(10));
  private static final ReplicationState COPY = Probed.slave("history", 100, marker(10));

  private final Incarnations incarnations = new Incarnations();
  private final NodeHealth leader = Probed.of(LEADER).earlier(STREAM).now(STREAM);

  @Test
  void theFirstRunOfAServerIsTrusted() {
    assertThat(judged(NodeHealth.unknown(LEADER), leader).lostData()).isFalse();
    assertThat(judged(leader, leader).lostData()).isFalse();
  }

  @Test
  void aLeaderThatWasRestartedMayHaveForgotten() {
    judged(NodeHealth.unknown(LEADER), leader);

    NodeHealth reborn = judged(leader, Probed.of(LEADER).run("run2").now(STREAM));
    assertThat(reborn.lostData()).isTrue();
    assertThat(judged(reborn, reborn).lostData()).isTrue();
  }

  @Test
  void aServerThatSyncsEachWriteForgetsNothing() {
    NodeHealth before = Probed.of(LEADER).syncingEachWrite().now(STREAM);
    judged(NodeHealth.unknown(LEADER), before);

    NodeHealth reborn = Probed.of(LEADER).syncingEachWrite().run("run2").now(STREAM);
    assertThat(judged(before, reborn).lostData()).isFalse();
  }

  @Test
  void unlessItsMarkerIsGoneOrOlder() {
    NodeHealth before = Probed.of(LEADER).syncingEachWrite().now(STREAM);
    judged(NodeHealth.unknown(LEADER), before);

    Probed second = Probed.of(LEADER).syncingEachWrite().run("run2");
    for (Optional<MarkerPosition> left :
        Set.of(marker(9), Optional.of(MarkerPosition.NONE), Optional.<MarkerPosition>empty())) {
      NodeHealth reborn = second.now(Probed.master("new", 0, left));
      assertThat(judged(before, reborn).lostData()).isTrue();
    }
  }

  @Test
  void aReplicaThatWasRestartedIsTrustedAgainOnceItHasSynced() {
    NodeHealth before = Probed.of(REPLICA).now(COPY);
    judged(NodeHealth.unknown(REPLICA), before);
    Probed second = Probed.of(REPLICA).run("run2");
    ReplicationState unsynced = new ReplicationState("slave", "down", -1, "", 0, marker(10));

    NodeHealth reborn = judged(before, second.now(unsynced));
    assertThat(reborn.lostData()).isTrue();
    assertThat(judged(reborn, second.now(COPY)).lostData()).isFalse();
    assertThat(judged(reborn, second.now(unsynced)).lostData()).isFalse();
  }

  @Test
  void aLeaderThatHasForgottenTeachesNobody() {
    NodeHealth before = Probed.of(REPLICA).now(COPY);
    incarnations.judge(NodeHealth.unknown(REPLICA), before, leader);

    NodeHealth synced = Probed.of(REPLICA).run("run2").now(COPY);
    assertThat(incarnations.judge(before, synced, leader.lostData(true)).lostData()).isTrue();
  }

  @Test
  void whileItIsDownNothingChanges() {
    judged(NodeHealth.unknown(LEADER), leader);
    NodeHealth reborn = judged(leader, Probed.of(LEADER).run("run2").now(STREAM));

    assertThat(judged(reborn, reborn.failed("no answer")).lostData()).isTrue();
    assertThat(judged(leader, leader.failed("no answer")).lostData()).isFalse();
  }

  @Test
  void aNodeThatHadLeftBeginsAnew() {
    judged(NodeHealth.unknown(LEADER), leader);
    incarnations.retain(Set.of(REPLICA.id()));

    assertThat(judged(leader, Probed.of(LEADER).run("run2").now(STREAM)).lostData()).isFalse();
  }

  private NodeHealth judged(NodeHealth before, NodeHealth now) {
    return incarnations.judge(before, now, leader);
  }

  private static Optional<MarkerPosition> marker(long number) {
    return Optional.of(new MarkerPosition(1, number));
  }
}
