package io.ringmaster.it;

import java.nio.file.Path;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Isolated;

/** Servers and coordinators in containers, where faults cross a real network. */
@Tag("containers")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Timeout(120)
@Isolated
class ContainersTest {

  @AutoClose private ContainerSite site;
  private CheckedShard<ContainerInstance> shard;
  @RegisterExtension private final LogsOfFailure logs = new LogsOfFailure(() -> site.logs());

  @BeforeAll
  void start(@TempDir Path folder) {
    site = new ContainerSite(ContainerImages.locate(folder));
    site.start();
  }

  @BeforeEach
  void check(TestInfo test) {
    shard = new CheckedShard<>(site, test.getDisplayName());
    shard.awaitReady();
  }

  @AfterEach
  void uncheck() {
    shard.close();
  }

  @Test
  void aLeaderThatIsKilledIsReplaced() {
    shard.assertLeaderIsReplaced(Instance::kill, Instance::start);
  }

  @Test
  void aLeaderThatIsPausedIsReplaced() {
    shard.assertLeaderIsReplaced(Instance::pause, Instance::resume);
  }

  @Test
  void aLeaderThatIsTakenOffTheNetworkIsReplaced() {
    shard.assertLeaderIsReplaced(ContainerInstance::disconnect, ContainerInstance::connect);
  }

  @Test
  void theLeaderOfTheGroupMayBeTakenOffTheNetwork() {
    String id = shard.groupLeader();
    ContainerInstance coordinator = Objects.requireNonNull(site.coordinators().get(id));
    coordinator.disconnect();
    shard.awaitWritesWithout(id);
    ContainerInstance leader = shard.leader();
    leader.kill();
    shard.awaitAnotherThan(leader);
    shard.awaitWritesWithout(id);
    coordinator.connect();
    leader.start();
    shard.awaitWrites();
    shard.awaitFollowers();
    shard.assertNothingIsLost();
  }
}
