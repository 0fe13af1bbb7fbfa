package io.ringmaster.proxy.health;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisURI;
import io.lettuce.core.api.sync.RedisCommands;
import io.ringmaster.cluster.replication.Marker;
import io.ringmaster.cluster.topology.MarkerPosition;
import io.ringmaster.cluster.topology.NodeId;
import io.ringmaster.cluster.topology.Shard;
import io.ringmaster.cluster.topology.Topology;
import io.ringmaster.protocol.InfoFields;
import io.ringmaster.proxy.demo.RedisBinary;
import io.ringmaster.proxy.demo.RedisProcess;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Function;
import java.util.function.LongSupplier;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Probes of real servers: a leader and its replica. */
@Timeout(120)
class ControlPlaneTest {
  private static final String PASSWORD = "correct-horse";

  @TempDir private Path folder;
  private RedisProcess leader;
  private RedisProcess replica;

  @BeforeEach
  void startServers() {
    Path binary = RedisBinary.locate("", System.getenv(), folder.resolve("bin"));
    leader = start(binary, "leader");
    replica =
        start(
            binary,
            "replica",
            "--replicaof",
            "127.0.0.1 " + leader.port(),
            "--masterauth",
            PASSWORD);
  }

  private RedisProcess start(Path binary, String name, String... more) {
    String[] options = new String[more.length + 2];
    options[0] = "--requirepass";
    options[1] = PASSWORD;
    System.arraycopy(more, 0, options, 2, more.length);
    return RedisProcess.start(binary, folder.resolve(name), options);
  }

  @AfterEach
  void stopServers() {
    replica.close();
    leader.close();
  }

  @Test
  void findsRolesVersionsAndTheLinkOfTheReplica() {
    try (HealthMonitor control = probing(id(leader), id(replica), PASSWORD)) {
      NodeHealth first = awaitNode(control, leader, node -> node.state() == NodeState.UP);
      NodeHealth second =
          awaitNode(control, replica, node -> node.replication().masterLink().equals("up"));

      assertThat(first.replication().role()).isEqualTo("master");
      assertThat(first.version()).matches("\\d+\\.\\d+\\.\\d+");
      assertThat(first.runId()).hasSize(40);
      assertThat(first.usedMemory()).isPositive();
      assertThat(first.mismatch()).isEmpty();
      assertThat(second.replication().role()).isEqualTo("slave");
      assertThat(second.mismatch()).isEmpty();
    }
  }

  @Test
  void reportsRolesThatAreNotTheConfiguredOnes() {
    try (HealthMonitor control = probing(id(replica), id(leader), PASSWORD)) {
      awaitNode(control, replica, node -> node.mismatch().contains("it is a replica"));
      awaitNode(control, leader, node -> node.mismatch().contains("it is a master"));
    }
  }

  @Test
  void aServerWhoseRoleChangesKeepsItsConnection() {
    Topology changed = Topology.initial(List.of(Shard.of("s1", id(replica), id(leader))));
    try (HealthMonitor control = probing(id(leader), id(replica), PASSWORD)) {
      awaitNode(control, leader, node -> node.state() == NodeState.UP);
      awaitNode(control, replica, node -> node.replication().masterLink().equals("up"));
      int before = connectionsEver(leader);

      control.publish(changed);
      awaitNode(control, leader, node -> node.mismatch().contains("it is a master"));
      awaitNode(control, replica, node -> node.mismatch().contains("it is a replica"));

      int asking = 1;
      assertThat(connectionsEver(leader)).isEqualTo(before + asking);
    }
  }

  private static int connectionsEver(RedisProcess server) {
    String stats = onServer(server, redis -> redis.info("stats"));
    return Integer.parseInt(InfoFields.parse(stats).get("total_connections_received"));
  }

  @Test
  void noticesAKilledServerAndItsReturn() {
    try (HealthMonitor control = probing(id(leader), id(replica), PASSWORD)) {
      NodeHealth before = awaitNode(control, leader, node -> node.state() == NodeState.UP);

      leader.kill();
      NodeHealth down = awaitNode(control, leader, node -> node.state() == NodeState.DOWN);
      assertThat(down.lastError()).isNotEmpty();
      assertThat(down.lastSeenNanos()).isPresent();
      awaitNode(control, replica, node -> node.replication().masterLink().equals("down"));

      leader.restart();
      NodeHealth back = awaitNode(control, leader, node -> node.state() == NodeState.UP);
      assertThat(back.runId()).isNotEqualTo(before.runId());
    }
  }

  private static final Map<String, String> MARKER = Map.of("epoch", "3", "n", "7");

  @Test
  void readsMarkersAndTellsWhoIsInSync() {
    onServer(leader, redis -> redis.select(15) + redis.hset(Marker.KEY, MARKER));
    try (HealthMonitor control = probing(id(leader), id(replica), PASSWORD)) {
      Optional<MarkerPosition> marker = Optional.of(new MarkerPosition(3, 7));
      awaitNode(control, leader, node -> node.replication().marker().equals(marker));
      NodeHealth copy =
          awaitNode(control, replica, node -> node.replication().marker().equals(marker));
      await().until(() -> lag(control).inSync());
      assertThat(lag(control).lagBytes()).isPresent();
      assertThat(copy.lostData()).isFalse();
    }
  }

  @Test
  void aReplicaThatKeepsStaleDataToItselfIsUpButItsMarkerIsUnknown() {
    try (HealthMonitor control = probing(id(leader), id(replica), PASSWORD)) {
      awaitNode(control, replica, node -> node.replication().marker().isPresent());
      onServer(replica, redis -> redis.configSet("replica-serve-stale-data", "no"));
      leader.kill();

      NodeHealth alone = awaitNode(control, replica, node -> node.replication().marker().isEmpty());
      assertThat(alone.state()).isEqualTo(NodeState.UP);
      assertThat(alone.replication().masterLink()).isEqualTo("down");
      assertThat(lag(control).inSync()).isFalse();
    }
  }

  @Test
  void aRestartedReplicaIsAmnesiacUntilItHasSyncedAgain() {
    try (HealthMonitor control = probing(id(leader), id(replica), PASSWORD)) {
      await().until(() -> lag(control).inSync());
      leader.pause();
      replica.kill();
      awaitNode(control, replica, node -> node.state() == NodeState.DOWN);
      replica.restart();
      awaitNode(control, replica, node -> node.state() == NodeState.UP && node.lostData());
      leader.resume();

      awaitNode(control, replica, node -> !node.lostData());
      await().until(() -> lag(control).inSync());
    }
  }

  private static <T> T onServer(
      RedisProcess server, Function<RedisCommands<String, String>, T> action) {
    RedisURI uri =
        RedisURI.builder()
            .withHost("127.0.0.1")
            .withPort(server.port())
            .withPassword(PASSWORD.toCharArray())
            .build();
    try (RedisClient client = RedisClient.create(uri)) {
      return action.apply(client.connect().sync());
    }
  }

  private ReplicationLag lag(HealthMonitor control) {
    Shard shard = Shard.of("s1", id(leader), id(replica));
    return control.health().lag(shard, shard.nodes().get(1));
  }

  @Test
  void noticesAServerThatHangsAndItsReturn() {
    try (HealthMonitor control = probing(id(leader), id(replica), PASSWORD)) {
      awaitNode(control, leader, node -> node.state() == NodeState.UP);

      leader.pause();
      awaitNode(control, leader, node -> node.state() == NodeState.DOWN);
      leader.resume();

      awaitNode(control, leader, node -> node.state() == NodeState.UP);
    }
  }

  @Test
  void aWrongPasswordIsReportedButNotShown() {
    try (HealthMonitor control = probing(id(leader), id(replica), "wrong-horse")) {
      NodeHealth refused = awaitNode(control, leader, node -> node.state() == NodeState.DOWN);

      assertThat(refused.lastError()).isNotEmpty().doesNotContain("horse");
      assertThat(control.health().silentMillis(refused)).isEmpty();
    }
  }

  @Test
  void closeReturnsWhenTheLastProbeHasEnded() throws InterruptedException {
    Thread closing = Thread.currentThread();
    AtomicBoolean closed = new AtomicBoolean();
    AtomicBoolean outlivedIt = new AtomicBoolean();
    CountDownLatch begun = new CountDownLatch(2);
    CountDownLatch left = new CountDownLatch(2);
    LongSupplier clock =
        () -> {
          begun.countDown();
          while (!Thread.currentThread().isInterrupted()) {
            LockSupport.park();
          }
          while (!closed.get() && closing.getState() == Thread.State.RUNNABLE) {
            Thread.onSpinWait();
          }
          outlivedIt.compareAndSet(false, closed.get());
          left.countDown();
          return 0;
        };
    HealthMonitor control = probing(id(leader), id(replica), PASSWORD, clock);
    begun.await();

    control.close();
    closed.set(true);
    left.await();
    assertThat(outlivedIt).isFalse();
  }

  private static HealthMonitor probing(NodeId first, NodeId second, String password) {
    return probing(first, second, password, System::nanoTime);
  }

  private static HealthMonitor probing(
      NodeId first, NodeId second, String password, LongSupplier clock) {
    Topology topology = Topology.initial(List.of(Shard.of("s1", first, second)));
    HealthMonitor control =
        new HealthMonitor(
            topology,
            new ProbeSettings(
                Duration.ofMillis(50),
                Duration.ofMillis(500),
                Duration.ofSeconds(10),
                "5.0.0",
                false,
                Fencing.NEEDLESS,
                new Marker(15),
                15,
                "",
                password),
            clock);
    control.start();
    return control;
  }

  private static NodeHealth awaitNode(
      HealthMonitor control, RedisProcess server, Predicate<NodeHealth> condition) {
    return await()
        .atMost(Duration.ofSeconds(60))
        .until(() -> control.health().nodes().get(id(server)), condition);
  }

  private static NodeId id(RedisProcess server) {
    return new NodeId("127.0.0.1", server.port());
  }
}
