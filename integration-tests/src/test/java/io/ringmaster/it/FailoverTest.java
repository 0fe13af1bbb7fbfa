package io.ringmaster.it;

import java.nio.file.Path;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Whatever happens to the leader, another one leads, and what was acknowledged is there. */
@Timeout(300)
class FailoverTest {

  private Site<Instance> site;
  private CheckedShard<Instance> shard;

  @BeforeEach
  void start(@TempDir Path folder) {
    site = new ProcessSite(folder);
    shard = new CheckedShard<>(site, "key");
    shard.awaitReady();
  }

  @AfterEach
  void stop() {
    shard.close();
    site.close();
  }

  @Test
  void aLeaderThatIsKilledIsReplacedAndComesBackAsAReplica() {
    shard.assertLeaderIsReplaced(Instance::kill, Instance::start);
  }

  @Test
  void aLeaderThatHangsIsReplacedAndWhatItDidNotAcknowledgeIsGone() {
    shard.assertLeaderIsReplaced(Instance::pause, Instance::resume);
  }

  @Test
  void theLeaderOfTheGroupAndTheLeaderOfTheShardMayFailTogether() {
    Instance leader = shard.leader();
    String id = shard.groupLeader();
    Instance coordinator = Objects.requireNonNull(site.coordinators().get(id));
    coordinator.kill();
    leader.kill();
    shard.awaitWritesWithout(id);
    coordinator.start();
    leader.start();
    shard.awaitWrites();
    shard.awaitFollowers();
    shard.assertNothingIsLost();
  }

  @Test
  void twoThatAreGoneAreWaitedFor() {
    Instance leader = shard.leader();
    Instance replica = shard.replica();
    replica.pause();
    leader.kill();
    replica.resume();
    shard.awaitWrites();
    leader.start();
    shard.awaitFollowers();
    shard.assertNothingIsLost();
  }
}
