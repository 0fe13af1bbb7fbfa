package io.ringmaster.cluster.control;

import static io.ringmaster.cluster.control.FakeHost.A;
import static io.ringmaster.cluster.control.FakeHost.B;
import static io.ringmaster.cluster.control.FakeHost.C;
import static org.assertj.core.api.Assertions.assertThat;

import io.ringmaster.cluster.topology.FenceShard;
import io.ringmaster.cluster.topology.MarkIntact;
import io.ringmaster.cluster.topology.Shard;
import io.ringmaster.cluster.topology.ShardState;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A shard of three in epoch 5, led by A, and admitted in runs a, b and c. */
class ServingTest {

  private static final Shard SHARD = FakeHost.three(ShardState.SERVING);

  private static final Stage.Step REPLACED =
      new Stage.Step(
          new FenceShard("s1", 6, false),
          "its leader h:1 holds no barrier for a majority of coordinators",
          true);

  private final FakeServers servers = FakeServers.three(5, 1);
  private final FakeHost host = new FakeHost(servers);
  private Serving serving;

  @BeforeEach
  void start() {
    Host present = host.of(SHARD);
    serving = new Serving(present, SHARD, new Administrator(present));
    assertThat(after(0)).isEmpty();
  }

  /** What is decided in the course of so many milliseconds. */
  private Optional<Stage.Step> after(long millis) {
    return host.after(millis, serving, SHARD);
  }

  @Test
  void aLeaderThatAnswersButHoldsNoBarrierIsReplaced() {
    after(10_000);
    servers.follow(B, "down");
    servers.follow(C, "down");
    host.suspect(true);
    assertThat(after(0)).contains(REPLACED);
  }

  @Test
  void aLeaderThatWasMadeAReplicaOfNobodyIsReplacedAlthoughTooFewOthersRemember() {
    servers.lose(B);
    servers.lose(C);
    servers.say(A, "role:slave", "master_host:127.0.0.1", "master_link_status:down");
    assertThat(after(2_000).orElseThrow().cause()).isEqualTo("its leader h:1 was made a replica");
  }

  @Test
  void whoDoesNotCatchUpIsAskedOftenAtFirstAndThenLess() {
    servers.follow(B, "down");
    int before = servers.looksAt(B);
    tickFor(100);
    int first = servers.looksAt(B) - before;
    assertThat(first).isGreaterThan(8);
    tickFor(9_900);
    // Two questions each time, every tenth of a second.
    assertThat(servers.looksAt(B) - before - first).isBetween(150, 250);
  }

  private void tickFor(long millis) {
    for (long passed = 0; passed < millis; passed += 2) {
      host.pass(2);
      serving.tick(SHARD);
    }
  }

  @Test
  void aLeaderThatServesSinceAMomentAndAnswersIsGivenTime() {
    servers.follow(B, "down");
    servers.follow(C, "down");
    host.suspect(true);
    assertThat(after(2_800)).isEmpty();
    assertThat(after(400)).contains(REPLACED);
  }

  @Test
  void aLeaderThatIsGoneIsNotWaitedFor() {
    servers.lose(A);
    host.pass(1_000);
    host.suspect(true);
    assertThat(after(0)).contains(REPLACED);
  }

  @Test
  void aLeaderStaysWhileOneOfItsReplicasIsGone() {
    servers.lose(C);
    after(10_000);
    servers.set(C, "c2", 5, 1);
    servers.follow(C, "down");
    host.suspect(true);
    assertThat(after(60_000)).isEmpty();
  }

  @Test
  void aLeaderStaysWhileItGivesItsReplicasACopy() {
    after(10_000);
    servers.follow(B, "down");
    servers.follow(C, "down");
    servers.say(A, "role:master", "slave0:ip=h,port=2,state=wait_bgsave,offset=0,lag=0");
    assertThat(after(1_000)).isEmpty();
    host.suspect(true);
    assertThat(after(60_000)).isEmpty();
    servers.say(A, "role:master");
    assertThat(after(2_000)).isEmpty();
    assertThat(after(2_000)).contains(REPLACED);
  }

  @Test
  void aReplicaIsAdmittedWhenItHasGotWhatWasOnItsWay() {
    servers.set(B, "b2", 5, 1);
    servers.say(A, "role:master", "master_replid:x", "master_repl_offset:9");
    servers.follow(B, "up", "master_replid:x", "slave_repl_offset:8");
    assertThat(after(5_000)).isEmpty();
    assertThat(serving.waitsFor()).startsWith("h:2: it has not got yet what the leader has");
    servers.say(A, "role:master", "master_replid:x", "master_repl_offset:30");
    servers.follow(B, "up", "master_replid:x", "slave_repl_offset:9");
    assertThat(after(2_000).orElseThrow().change()).isEqualTo(new MarkIntact("s1", 5, B, "b2"));
  }

  @Test
  void aReplicaIsAdmittedThoughItsLeaderBeginsAnotherHistoryWithIt() {
    servers.set(B, "b2", 5, 1);
    servers.say(A, "role:master", "master_replid:w", "master_repl_offset:9");
    servers.follow(B, "down");
    assertThat(after(5_000)).isEmpty();
    servers.say(A, "role:master", "master_replid:x", "master_repl_offset:9");
    servers.follow(B, "up", "master_replid:x", "slave_repl_offset:9");
    assertThat(after(2_000).orElseThrow().change()).isEqualTo(new MarkIntact("s1", 5, B, "b2"));
  }

  @Test
  void replicasThatWereStoppedAreGivenTimeToComeBack() {
    servers.lose(B);
    servers.lose(C);
    after(10_000);
    host.suspect(true);
    assertThat(after(10_000)).isEmpty();
    servers.set(B, "b", 5, 1);
    servers.set(C, "c", 5, 1);
    assertThat(after(2_500)).isEmpty();
    host.suspect(false);
    assertThat(after(10_000)).isEmpty();
  }
}
