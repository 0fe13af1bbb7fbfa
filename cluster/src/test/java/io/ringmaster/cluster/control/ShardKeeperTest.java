package io.ringmaster.cluster.control;

import static io.ringmaster.cluster.control.FakeHost.A;
import static io.ringmaster.cluster.control.FakeHost.B;
import static io.ringmaster.cluster.control.FakeHost.C;
import static org.assertj.core.api.Assertions.assertThat;

import io.ringmaster.cluster.topology.Node;
import io.ringmaster.cluster.topology.PlanNodes;
import io.ringmaster.cluster.topology.Shard;
import io.ringmaster.cluster.topology.ShardState;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A shard led by A, with B as its replica; C was taken out, and answers again. */
class ShardKeeperTest {

  private static final long SECOND = 1000;
  private static final long LONGEST = PlanPause.MOST * FakeHost.PLAN_PAUSE_MILLIS;

  private final FakeServers servers = new FakeServers();
  private final FakeHost host = new FakeHost(servers);
  private ShardKeeper keeper;
  private int turns;

  @BeforeEach
  void start() {
    servers.set(A, "a", 5, 1);
    servers.set(B, "b", 5, 1);
    servers.set(C, "c", 5, 1);
    servers.say(A, "role:master", "slave0:ip=h,port=2,state=online,offset=1,lag=1");
    servers.say(B, "role:slave", "master_host:h", "master_port:1", "master_link_status:up");
    keeper = new ShardKeeper(host.of(shard(5, ShardState.SERVING)), () -> {});
  }

  private Shard shard(long epoch, ShardState state) {
    return new Shard(
        "s1",
        0,
        1,
        List.of(Node.leader(A), Node.replica(B)),
        epoch,
        state,
        Map.of(A, "a", B, "b"),
        1,
        List.of(),
        List.of(C),
        Optional.empty(),
        turns);
  }

  @Test
  void whoIsBackIsPlannedAtOnce() {
    assertThat(millisUntilPlanned(5)).isLessThan(3 * SECOND);
  }

  @Test
  void aShardThatCouldNotBeHandedOverIsLeftInPeaceForLongerAndLonger() {
    millisUntilPlanned(5);
    long before = 0;
    for (int times = 0; times < 5; times++) {
      giveUp();
      long millis = millisUntilPlanned(5);
      assertThat(millis).isGreaterThan(FakeHost.PLAN_PAUSE_MILLIS).isGreaterThan(before);
      before = millis;
    }
    for (int times = 0; times < 5; times++) {
      giveUp();
      millisUntilPlanned(5);
    }
    giveUp();
    assertThat(millisUntilPlanned(5)).isLessThan(LONGEST + 3 * SECOND);
  }

  @Test
  void aNewEpochIsANewBeginning() {
    millisUntilPlanned(5);
    giveUp();
    assertThat(millisUntilPlanned(6)).isLessThan(3 * SECOND);
  }

  private void giveUp() {
    turns++;
    keeper.tick(shard(5, ShardState.HANDING_OVER));
    turns++;
  }

  private long millisUntilPlanned(long epoch) {
    host.committed().clear();
    long millis = 0;
    while (millis < 2 * LONGEST
        && host.committed().stream().noneMatch(PlanNodes.class::isInstance)) {
      host.pass(100);
      millis += 100;
      keeper.tick(shard(epoch, ShardState.SERVING));
    }
    return millis;
  }
}
