package io.ringmaster.cluster.replication;

import static org.assertj.core.api.Assertions.assertThat;

import io.ringmaster.cluster.topology.MarkerPosition;
import io.ringmaster.cluster.topology.NodeId;
import io.ringmaster.cluster.topology.Shard;
import org.junit.jupiter.api.Test;

class ClientViewTest {

  private static final Shard SHARD =
      Shard.of("s1", new NodeId("leader", 1), new NodeId("replica", 1));

  private final ClientView view = new ClientView(1);

  @Test
  void whatIsProvedLaterBehindLessDoesNotMakeLessOfIt() {
    view.writes(SHARD);
    view.writes(SHARD);
    view.proved(SHARD, 10);
    assertThat(view.needsLeader(SHARD)).isTrue();
    view.proved(SHARD, 9);
    assertThat(view.needed(SHARD)).isEqualTo(new MarkerPosition(SHARD.epoch(), 10));
  }

  @Test
  void whatNothingCoversIsCoveredByWhatComesNext() {
    view.writes(SHARD);
    view.unproved(SHARD);
    assertThat(view.needsLeader(SHARD)).isTrue();
    view.writes(SHARD);
    view.proved(SHARD, 3);
    assertThat(view.needed(SHARD)).isEqualTo(new MarkerPosition(SHARD.epoch(), 3));
  }
}
