package io.ringmaster.cluster.control;

import static io.ringmaster.cluster.control.FakeHost.A;
import static io.ringmaster.cluster.control.FakeHost.B;
import static io.ringmaster.cluster.control.FakeHost.C;
import static org.assertj.core.api.Assertions.assertThat;

import io.ringmaster.cluster.topology.FenceShard;
import io.ringmaster.cluster.topology.Shard;
import io.ringmaster.cluster.topology.ShardState;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A shard of three in epoch 5, of which A was chosen to lead; admitted in runs a, b and c. */
class SettingUpTest {

  private static final Shard SHARD = FakeHost.three(ShardState.PROMOTED);

  private final FakeServers servers = FakeServers.three(4, 1);
  private final FakeHost host = new FakeHost(servers);
  private SettingUp settingUp;

  @BeforeEach
  void start() {
    servers.say(A, "role:master");
    servers.follow(B, "down");
    servers.follow(C, "down");
    settingUp = settingUp(0);
  }

  private SettingUp settingUp(int attempts) {
    Host present = host.of(SHARD);
    return new SettingUp(present, SHARD, new Administrator(present), attempts);
  }

  /** What is decided in the course of so many milliseconds. */
  private Optional<Stage.Step> after(long millis) {
    return host.after(millis, settingUp, SHARD);
  }

  @Test
  void aLeaderWhomNobodyCanFollowIsGivenUp() {
    assertThat(after(9_900)).isEmpty();
    Stage.Step step = after(400).orElseThrow();
    assertThat(step.change()).isEqualTo(new FenceShard("s1", 6, false));
    assertThat(step.cause()).startsWith("its leader h:1 cannot be followed: ");
    assertThat(step.leaderFailed()).isTrue();
  }

  @Test
  void whereNobodyCouldBeFollowedThereIsMoreTime() {
    settingUp = settingUp(1);
    assertThat(after(19_900)).isEmpty();
    assertThat(after(400)).isPresent();
    settingUp = settingUp(100);
    assertThat(after(159_900)).isEmpty();
    assertThat(after(400)).isPresent();
  }

  @Test
  void aLeaderThatGivesACopyIsWaitedFor() {
    servers.say(A, "role:master", "slave0:ip=h,port=2,state=send_bulk,offset=0,lag=0");
    assertThat(after(60_000)).isEmpty();
    servers.say(A, "role:master");
    assertThat(after(9_000)).isEmpty();
    assertThat(after(2_000)).isPresent();
  }

  @Test
  void aLeaderIsWaitedForWhileTheOthersAreTooFew() {
    servers.set(C, "c2", 4, 1);
    assertThat(after(60_000)).isEmpty();
  }
}
