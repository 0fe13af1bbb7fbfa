package io.ringmaster.cluster.control;

import static org.assertj.core.api.Assertions.assertThat;

import io.ringmaster.cluster.topology.FenceShard;
import io.ringmaster.cluster.topology.NodeId;
import io.ringmaster.cluster.topology.Shard;
import java.util.List;
import org.junit.jupiter.api.Test;

class AdoptingTest {

  private final Shard shard = Shard.of("s1", NodeId.parse("a:1"), NodeId.parse("b:1")).asNew();

  @Test
  void fencesServersForTheFirstTime() {
    Adopting adopting = new Adopting(shard, true);
    assertThat(adopting.tick(shard).map(Stage.Step::change))
        .contains(new FenceShard("s1", 2, false));
    assertThat(adopting.waitsFor()).isEmpty();
  }

  @Test
  void leavesThemAloneUntilAnOperatorAsks() {
    Adopting adopting = new Adopting(shard, false);
    assertThat(adopting.tick(shard)).isEmpty();
    assertThat(adopting.waitsFor()).contains("CLUSTER.ADOPT s1");
  }

  @Test
  void whoeverIsNoUserOfAnEpochMayNeitherReplicateNorWrite() {
    List<String> users = List.of("default", "rp-s1-2-data", "app", "rp-adm-3");
    assertThat(new EpochUsers("secret").shutOthersOut(users))
        .hasToString(
            "[ACL SETUSER default -psync -sync -@write, ACL SETUSER app -psync -sync -@write]");
  }
}
