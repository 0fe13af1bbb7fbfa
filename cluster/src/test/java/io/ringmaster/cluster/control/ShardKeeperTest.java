package io.ringmaster.cluster.control;

import static io.ringmaster.cluster.control.FakeHost.A;
import static io.ringmaster.cluster.control.FakeHost.B;
import static io.ringmaster.cluster.control.FakeHost.C;
import static org.assertj.core.api.Assertions.assertThat;

import io.ringmaster.cluster.topology.FenceShard;
import io.ringmaster.cluster.topology.MarkIntact;
import io.ringmaster.cluster.topology.MarkOutOfSync;
import io.ringmaster.cluster.topology.Shard;
import io.ringmaster.cluster.topology.ShardState;
import io.ringmaster.cluster.topology.Topology;
import io.ringmaster.cluster.topology.TopologyChange;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A shard of three in epoch 5, led by A, and admitted in runs a, b and c. */
class ShardKeeperTest {

  private static final String[] UP_TO_DATE = {"master_replid:", "slave_repl_offset:1"};

  private final FakeServers servers = FakeServers.three(5, 1);
  private final FakeHost host = new FakeHost(servers);
  private Topology topology = Topology.initial(List.of(FakeHost.three(ShardState.SERVING)));
  private ShardKeeper keeper;

  @BeforeEach
  void start() {
    servers.follow(B, "up", UP_TO_DATE);
    servers.follow(C, "up", UP_TO_DATE);
    host.outOfSyncAfterMillis = 60_000;
    keeper = new ShardKeeper(host.of(shard()), () -> {});
    passUntilCommitted(0);
  }

  private Shard shard() {
    return topology.shards().getFirst();
  }

  /** Lets time pass until the next change, at most for so long; makes it. */
  private void passUntilCommitted(long millis) {
    int before = host.committed().size();
    for (long passed = 0; passed <= millis && host.committed().size() == before; passed += 100) {
      keeper.tick(shard());
      host.pass(100);
    }
    if (host.committed().size() > before) {
      topology = topology.apply(host.committed().getLast());
    }
  }

  private TopologyChange last() {
    return host.committed().getLast();
  }

  @Test
  void aReplicaThatIsSilentForLongLeavesTheInSyncSetUntilItHasCaughtUp() {
    servers.lose(C);
    passUntilCommitted(70_000);
    assertThat(last()).isEqualTo(new MarkOutOfSync("s1", 5, List.of(C)));
    assertThat(host.causes.getLast()).isEqualTo("[h:3] have been silent for long");

    servers.set(C, "c", 5, 1);
    passUntilCommitted(10_000);
    assertThat(last()).isEqualTo(new MarkIntact("s1", 5, C, "c"));
    assertThat(shard().outOfSync()).isEmpty();
  }

  @Test
  void aFailoverTellsHowLongItTookAndSinceWhenClientsWait() {
    servers.lose(A);
    host.suspect(true);
    passUntilCommitted(10_000);
    assertThat(last()).isEqualTo(new FenceShard("s1", 6, false));
    assertThat(host.durations.getLast()).isBetween(0L, 5_000L);
  }
}
