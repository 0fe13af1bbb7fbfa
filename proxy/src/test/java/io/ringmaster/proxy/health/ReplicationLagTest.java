package io.ringmaster.proxy.health;

import static org.assertj.core.api.Assertions.assertThat;

import io.ringmaster.cluster.topology.MarkerPosition;
import io.ringmaster.cluster.topology.Node;
import io.ringmaster.cluster.topology.NodeId;
import io.ringmaster.cluster.topology.Shard;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

/** A leader that wrote up to offset 1000, marker 10, then up to 1500 and 15; and its replica. */
class StandingTest {

  private static final Shard SHARD =
      Shard.of("s1", NodeId.parse("127.0.0.1:1"), NodeId.parse("127.0.0.1:2"));
  private static final Node LEADER = SHARD.leader();
  private static final Node REPLICA = SHARD.nodes().get(1);

  private final NodeHealth leader =
      Probed.of(LEADER)
          .earlier(Probed.master("history", 1000, marker(1, 10)))
          .now(Probed.master("history", 1500, marker(1, 15)));

  @Test
  void lagIsWhatTheReplicaLacksOfTheLeadersStream() {
    ReplicationLag lag = lag(Probed.slave("history", 1200, marker(1, 12)));

    assertThat(lag.lagBytes()).hasValue(300);
    assertThat(lag.lagMarkers()).hasValue(3);
  }

  @Test
  void aReplicaThatWasProbedLaterThanItsLeaderHasNoLag() {
    ReplicationLag lag = lag(Probed.slave("history", 1600, marker(1, 16)));

    assertThat(lag.lagBytes()).hasValue(0);
    assertThat(lag.lagMarkers()).hasValue(0);
    assertThat(lag.inSync()).isTrue();
  }

  @Test
  void aReplicaIsInSyncIfItHasWhatTheLeaderHadAProbeAgo() {
    assertThat(lag(Probed.slave("history", 1000, marker(1, 10))).inSync()).isTrue();
    assertThat(lag(Probed.slave("history", 999, marker(1, 10))).inSync()).isFalse();
    assertThat(lag(Probed.slave("history", 1000, marker(1, 9))).inSync()).isFalse();
  }

  @Test
  void offsetsOfAnotherHistoryTellNothing() {
    ReplicationLag lag = lag(Probed.slave("other", 2000, marker(1, 20)));

    assertThat(lag.lagBytes()).isEmpty();
    assertThat(lag.lagMarkers()).hasValue(0);
    assertThat(lag.inSync()).isFalse();
  }

  @Test
  void markersOfAnotherEpochOrUnknownOnesTellNothing() {
    ReplicationLag old = lag(Probed.slave("history", 1500, marker(0, 15)));
    ReplicationLag unknown = lag(Probed.slave("history", 1500, Optional.empty()));

    assertThat(old.lagMarkers()).isEmpty();
    assertThat(old.inSync()).isFalse();
    assertThat(unknown.lagMarkers()).isEmpty();
    assertThat(unknown.lagBytes()).hasValue(0);
    assertThat(unknown.inSync()).isFalse();
  }

  @Test
  void aReplicaWithoutItsLinkIsNotInSync() {
    ReplicationState cut =
        new ReplicationState("slave", "down", -1, "history", 1500, marker(1, 15));

    assertThat(lag(cut).inSync()).isFalse();
    assertThat(lag(Probed.master("history", 1500, marker(1, 15))).inSync()).isFalse();
  }

  @Test
  void whoIsDownOrHasForgottenIsNotInSync() {
    NodeHealth replica = Probed.of(REPLICA).now(Probed.slave("history", 1500, marker(1, 15)));

    assertThat(ReplicationLag.of(leader, replica).inSync()).isTrue();
    assertThat(ReplicationLag.of(leader, replica.lostData(true)).inSync()).isFalse();
    assertThat(ReplicationLag.of(leader, replica.failed("no answer")).inSync()).isFalse();
    assertThat(ReplicationLag.of(leader, replica.loading("LOADING", 1)).inSync()).isFalse();
  }

  @Test
  void aShardWithoutMarkersIsComparedByOffset() {
    NodeHealth unmarked =
        Probed.of(LEADER)
            .earlier(Probed.master("history", 1000, Optional.of(MarkerPosition.NONE)))
            .now(Probed.master("history", 1500, Optional.of(MarkerPosition.NONE)));
    NodeHealth replica =
        Probed.of(REPLICA).now(Probed.slave("history", 1000, Optional.of(MarkerPosition.NONE)));

    assertThat(ReplicationLag.of(unmarked, replica).inSync()).isTrue();
  }

  @Test
  void theLeaderIsInSyncAndHasNoLagWhileItIsAMaster() {
    assertThat(ReplicationLag.of(leader, leader))
        .isEqualTo(new ReplicationLag(OptionalLong.of(0), OptionalLong.of(0), true));
    assertThat(ReplicationLag.of(leader, leader.lostData(true)).inSync()).isFalse();
  }

  @Test
  void ofUnknownNodesNothingIsKnown() {
    assertThat(new Health(Map.of(), 0).lag(SHARD, REPLICA))
        .isEqualTo(new ReplicationLag(OptionalLong.empty(), OptionalLong.empty(), false));
  }

  private ReplicationLag lag(ReplicationState replica) {
    return ReplicationLag.of(leader, Probed.of(REPLICA).now(replica));
  }

  private static Optional<MarkerPosition> marker(long epoch, long number) {
    return Optional.of(new MarkerPosition(epoch, number));
  }
}
