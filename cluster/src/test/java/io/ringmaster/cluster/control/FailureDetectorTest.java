package io.ringmaster.cluster.control;

import static org.assertj.core.api.Assertions.assertThat;

import io.ringmaster.cluster.replication.BarrierSettings;
import io.ringmaster.cluster.replication.LeaderPolicy;
import io.ringmaster.cluster.replication.Lease;
import io.ringmaster.cluster.replication.Marker;
import io.ringmaster.cluster.spi.BackendFailure;
import io.ringmaster.cluster.spi.Lane;
import io.ringmaster.cluster.spi.ReplyCallback;
import io.ringmaster.cluster.spi.Scheduler;
import io.ringmaster.cluster.topology.FenceShard;
import io.ringmaster.cluster.topology.Node;
import io.ringmaster.cluster.topology.NodeId;
import io.ringmaster.cluster.topology.Shard;
import io.ringmaster.cluster.topology.Topology;
import io.ringmaster.protocol.ProtocolVersion;
import io.ringmaster.protocol.Reply;
import io.ringmaster.protocol.Request;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class FailureDetectorTest {

  private static final NodeId LEADER = new NodeId("leader", 1);
  private static final int WAIT_MILLIS = 700;
  private static final DetectorSettings SETTINGS =
      new DetectorSettings(400, 2000, WAIT_MILLIS, 200);

  private final Ticks ticks = new Ticks();
  private final Servers servers = new Servers();
  private final List<Map<String, Long>> found = new ArrayList<>();
  private Topology topology =
      Topology.initial(
          List.of(
              Shard.of("s1", LEADER, new NodeId("replica", 1), new NodeId("replica", 2)),
              Shard.of("s2", new NodeId("a", 1))));

  @BeforeEach
  void start() {
    LeaderPolicy policy =
        new LeaderPolicy(
            servers,
            ticks,
            new BarrierSettings(100, 1000, false, new Marker(15)),
            servers,
            servers,
            Lease.ALWAYS,
            () -> topology);
    new FailureDetector(servers, policy, ticks, () -> topology, SETTINGS, found::add).start();
  }

  @Test
  void whoAnswersIsNotSuspected() {
    ticks.pass(60_000);
    assertThat(found).isEmpty();
    assertThat(servers.asked).isBetween(300, 400);
  }

  @Test
  void whoRefusesIsSuspectedSoonAndNoMoreOnceItAnswers() {
    ticks.pass(1_000);
    servers.refusing = true;
    ticks.pass(700);
    assertThat(found).isEmpty();
    ticks.pass(300);
    assertThat(found).containsExactly(Map.of("s1", 1L));
    servers.refusing = false;
    ticks.pass(100);
    assertThat(found).containsExactly(Map.of("s1", 1L), Map.of());
  }

  @Test
  void whoLosesAConnectionIsAskedAtOnce() {
    ticks.pass(1_100);
    servers.refusing = true;
    servers.losing.lost(LEADER, Lane.data(0, ProtocolVersion.RESP2), "reset");
    ticks.pass(600);
    assertThat(found).containsExactly(Map.of("s1", 1L));
  }

  @Test
  void oneLostConnectionIsNoFailure() {
    ticks.pass(1_000);
    servers.refusing = true;
    ticks.pass(300);
    servers.refusing = false;
    ticks.pass(5_000);
    assertThat(found).isEmpty();
  }

  @Test
  void whoIsSilentIsSuspectedLaterAndNoMoreOnceItAnswers() {
    ticks.pass(1_000);
    servers.silent = true;
    ticks.pass(1_900);
    assertThat(found).isEmpty();
    ticks.pass(700);
    assertThat(found).containsExactly(Map.of("s1", 1L));
    servers.answer();
    ticks.pass(100);
    assertThat(found).containsExactly(Map.of("s1", 1L), Map.of());
  }

  @Test
  void whoHasNoReplicaIsSuspectedLaterAndNoMoreOnceItHasOne() {
    ticks.pass(1_000);
    servers.replicas = 0;
    ticks.pass(1_900);
    assertThat(found).isEmpty();
    ticks.pass(700);
    assertThat(found).containsExactly(Map.of("s1", 1L));
    servers.replicas = 1;
    ticks.pass(2_000);
    assertThat(found).containsExactly(Map.of("s1", 1L), Map.of());
  }

  @Test
  void oneOfTwoNeedsNoReplica() {
    List<Node> nodes = List.of(Node.leader(LEADER), Node.replica(new NodeId("replica", 1)));
    topology = Topology.initial(List.of(new Shard("s1", 0, 1, nodes, 2)));
    servers.epoch = "2";
    servers.replicas = 0;
    ticks.pass(60_000);
    assertThat(found).isEmpty();
  }

  @Test
  void whoStoodStillItselfHasSeenNothing() {
    ticks.pass(1_000);
    servers.silent = true;
    ticks.pass(1_500);
    ticks.stall(30_000);
    assertThat(found).isEmpty();
    ticks.pass(1_900);
    assertThat(found).isEmpty();
    ticks.pass(200);
    assertThat(found).containsExactly(Map.of("s1", 1L));
  }

  @Test
  void anotherEpochBeginsAnew() {
    servers.refusing = true;
    ticks.pass(1_000);
    assertThat(found).containsExactly(Map.of("s1", 1L));
    topology = topology.apply(new FenceShard("s1", 2, false));
    ticks.pass(10_000);
    assertThat(found).containsExactly(Map.of("s1", 1L), Map.of());
  }

  /** Time that passes in steps of a millisecond. */
  private static final class Ticks implements Scheduler {
    private final List<Timer> timers = new ArrayList<>();
    private long millis;

    private record Timer(long due, Runnable task) {}

    @Override
    public long micros() {
      return millis * 1000;
    }

    @Override
    public void schedule(long delayMillis, Runnable task) {
      timers.add(new Timer(millis + delayMillis, task));
    }

    @Override
    public void afterThis(Runnable task) {
      task.run();
    }

    void pass(long more) {
      for (int i = 0; i < more; i++) {
        stall(1);
      }
    }

    /** Time passes, and nothing runs before it has passed. */
    void stall(long more) {
      millis += more;
      for (Timer timer : List.copyOf(timers)) {
        if (timer.due() <= millis && timers.remove(timer)) {
          timer.task().run();
        }
      }
    }
  }

  /** A leader of epoch 1 that answers, refuses or says nothing. */
  private final class Servers extends QuietBackends {
    private final List<Runnable> owed = new ArrayList<>();
    private LossListener losing = (node, lane, reason) -> {};
    private boolean refusing;
    private boolean silent;
    private int replicas = 1;
    private String epoch = "1";
    private int asked;

    @Override
    public void send(NodeId node, Lane lane, Request request, ReplyCallback callback) {
      assertThat(node).isEqualTo(LEADER);
      if (refusing) {
        asked++;
        callback.onFailure(BackendFailure.NOT_SENT, node, "refused");
      } else if (replicas == 0) {
        ticks.schedule(WAIT_MILLIS, () -> reply(request, callback));
      } else if (silent) {
        owed.add(() -> reply(request, callback));
      } else {
        reply(request, callback);
      }
    }

    private void reply(Request request, ReplyCallback callback) {
      asked++;
      String name = new String(request.bytes(0), StandardCharsets.UTF_8);
      boolean reads =
          name.equals("EVAL") && new String(request.bytes(2), StandardCharsets.UTF_8).equals("1");
      callback.onReply(
          new Integral(name.equals("WAIT") ? "" + replicas : reads ? epoch + " 1" : "1"));
    }

    void answer() {
      silent = false;
      owed.forEach(Runnable::run);
      owed.clear();
    }

    @Override
    public void onLoss(LossListener listener) {
      losing = listener;
    }
  }

  private record Integral(String text) implements Reply {

    @Override
    public byte type() {
      return ':';
    }

    @Override
    public int length() {
      return text.length();
    }

    @Override
    public String firstLine() {
      return text;
    }

    @Override
    public Reply detached() {
      return this;
    }
  }
}
