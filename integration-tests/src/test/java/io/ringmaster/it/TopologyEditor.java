package io.ringmaster.it;

import io.ringmaster.cluster.control.EpochUsers;
import io.ringmaster.cluster.topology.NodeId;
import io.ringmaster.cluster.topology.SetWeight;
import io.ringmaster.cluster.topology.Shard;
import io.ringmaster.cluster.topology.Topology;
import io.ringmaster.proxy.metadata.ChangeOutcome;
import io.ringmaster.proxy.metadata.Member;
import io.ringmaster.proxy.metadata.ratis.GroupSettings;
import io.ringmaster.proxy.metadata.ratis.RatisConfigGroup;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * A coordinator without clients, which makes one change of the topology after the other and prints
 * the epoch of each that was committed.
 */
public final class TopologyEditor {

  private TopologyEditor() {}

  /** Arguments: its own name, its folder, a server, and name and address of each founder. */
  public static void main(String[] arguments) {
    List<Member> founders = new ArrayList<>();
    for (int i = 3; i < arguments.length; i += 2) {
      founders.add(new Member(arguments[i], NodeId.parse(arguments[i + 1])));
    }
    Member self =
        founders.stream().filter(one -> one.id().equals(arguments[0])).findFirst().orElseThrow();
    GroupSettings settings =
        new GroupSettings(
            self,
            "127.0.0.1",
            founders,
            Path.of(arguments[1]),
            Optional.empty(),
            Duration.ofSeconds(5),
            Duration.ofSeconds(100),
            CoordinatorFleet.ELECTION_TIMEOUT,
            200,
            1 << 20,
            Duration.ofSeconds(3),
            EpochUsers.fingerprint("of-this-test"));
    Topology seed = Topology.initial(List.of(Shard.of("editor", NodeId.parse(arguments[2]))));
    try (RatisConfigGroup group = RatisConfigGroup.start(settings, seed)) {
      for (int round = 0; true; round++) {
        String shard = group.topology().shards().getFirst().id();
        SetWeight change = new SetWeight(shard, 1 + round % 100);
        if (group.submit(change, OptionalLong.empty(), "test").join()
            instanceof ChangeOutcome.Committed committed) {
          System.out.println(committed.epoch());
        }
      }
    }
  }
}
