package io.ringmaster.cluster.simulation;

import io.ringmaster.cluster.replication.BarrierCounters;
import io.ringmaster.cluster.replication.BarrierSettings;
import io.ringmaster.cluster.replication.ClientView;
import io.ringmaster.cluster.replication.LeaderPolicy;
import io.ringmaster.cluster.replication.Lease;
import io.ringmaster.cluster.replication.NoCounters;
import io.ringmaster.cluster.simulation.check.Operation.Fate;
import io.ringmaster.cluster.spi.BackendFailure;
import io.ringmaster.cluster.spi.Backends;
import io.ringmaster.cluster.spi.Lane;
import io.ringmaster.cluster.spi.ReplyCallback;
import io.ringmaster.cluster.topology.NodeId;
import io.ringmaster.cluster.topology.ReadLevel;
import io.ringmaster.cluster.topology.Shard;
import io.ringmaster.cluster.topology.WriteLevel;
import io.ringmaster.protocol.ProtocolVersion;
import io.ringmaster.protocol.Reply;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** A proxy with one event loop: the policy under test, its connections, and its clients. */
final class SimulatedProxy {

  /** The user that proxies log in as. */
  static final String USER = "proxy";

  private static final Lane LANE = Lane.data(0, ProtocolVersion.RESP2);

  static final BarrierCounters COUNTERS = new NoCounters();

  /** How a client wants to write. */
  enum Writing {
    /** At the level of the scenario. */
    PROVED,
    /** At async. */
    ALONE,
    /** At async, followed by {@code WAIT}. */
    WAITING
  }

  /** How a client wants to read or write. */
  record Manner(ReadLevel read, Writing writing) {}

  /** What a client hears of its request. */
  record Answer(Fate fate, String text, long epoch) {}

  private final SimulatedProcess process;
  private final Map<NodeId, SimulatedServer> servers;
  private final Scenario scenario;
  private final Hole hole;
  private final ConfigLog log;
  private List<Consumer<Answer>> pending = new ArrayList<>();
  private LeaderPolicy policy;
  private Lease lease = Lease.ALWAYS;
  private KnownShard known;
  private @Nullable SimulatedBackends own;
  private @Nullable Renewal renewal;

  SimulatedProxy(
      World world,
      String name,
      Map<NodeId, SimulatedServer> servers,
      ConfigLog log,
      Shard shard,
      Scenario scenario,
      Hole hole) {
    this.process = new SimulatedProcess(world, name);
    this.servers = servers;
    this.log = log;
    this.known = new KnownShard(shard);
    this.scenario = scenario;
    this.hole = hole;
    this.policy = freshPolicy();
  }

  /** Begins to renew its lease. */
  void start() {
    if (scenario.hasLeases()) {
      Renewal begun = new Renewal(process, log, scenario.lease(), hole, this::shard, this::learn);
      renewal = begun;
      lease = hole == Hole.NO_ARRIVAL_CHECK ? Lease.ALWAYS : begun.lease();
      policy = freshPolicy();
      begun.start();
    }
  }

  private LeaderPolicy freshPolicy() {
    own = new SimulatedBackends(process, servers, scenario, hole, this::greeting);
    Backends backends = own;
    if (HollowBackends.isConcernedBy(hole)) {
      backends = new HollowBackends(backends, hole, () -> shard().leader().id());
    }
    BarrierSettings settings =
        new BarrierSettings(
            scenario.waitMillis(), scenario.deadlineMillis(), scenario.mood() != Mood.COORDINATORS);
    return new LeaderPolicy(
        backends,
        new SimulatedScheduler(process),
        settings,
        COUNTERS,
        new SimulatedStatus(process),
        lease,
        known::topology);
  }

  /** Servers know an operator's proxies by one name for ever, coordinators' by their epoch. */
  private Words greeting(NodeId node, Lane lane) {
    boolean operated = scenario.mood() != Mood.COORDINATORS;
    return operated ? Words.reading("HELLO", USER) : Greetings.of(shard(), lane);
  }

  SimulatedProcess process() {
    return process;
  }

  Shard shard() {
    return known.shard();
  }

  /** What it sends for a client's {@code FLUSHALL}. */
  Words flush() {
    return hole == Hole.FLUSH_DROPS_MARKER ? Words.writing("FLUSHALL") : Scripts.flush();
  }

  /** It has heard of the shard as it is now. */
  void learn(Shard newer) {
    process.run(() -> learnNow(newer));
  }

  private void learnNow(Shard newer) {
    if (hole == Hole.LEASE_OF_OLD_EPOCH && newer.epoch() > shard().epoch()) {
      // What asks the old one hears nothing of the new one.
      known = new KnownShard(newer);
      policy = freshPolicy();
    }
    long before = shard().epoch();
    if (known.learn(newer) && !newer.isServing() && renewal != null) {
      // Others wait until that is known here.
      renewal.ask();
    }
    SimulatedBackends connections = own;
    boolean logsInAnew = scenario.mood() == Mood.COORDINATORS && shard().epoch() != before;
    if (logsInAnew && connections != null) {
      servers.keySet().forEach(node -> connections.fence(node, "another epoch has begun"));
    }
  }

  /** Executes a client's request when it arrives; {@code client} gets one answer. */
  void execute(Words request, Manner manner, ClientView view, Consumer<Answer> client) {
    pending.add(client);
    int retries = hole == Hole.RETRY_UNCERTAIN ? 2 : 0;
    ClientView seen = hole == Hole.FORGET_OWN_WRITES ? ClientView.UNTRACKED : view;
    Asked asked = new Asked(request, manner, seen, client);
    process.after(process.world().between(10, 200), () -> send(asked, retries));
  }

  private record Asked(Words request, Manner manner, ClientView view, Consumer<Answer> client) {}

  private void send(Asked asked, int retries) {
    ReplyCallback callback = new Answering(asked, retries);
    if (asked.request().isReadOnly()) {
      policy.read(asked.request(), shard(), LANE, read(asked), asked.view(), callback);
    } else {
      boolean waits = asked.manner().writing() == Writing.WAITING;
      ReplyCallback told = waits ? waiting(callback) : callback;
      policy.write(asked.request(), shard(), LANE, write(asked), asked.view(), told);
    }
  }

  private WriteLevel write(Asked asked) {
    boolean proved = asked.manner().writing() == Writing.PROVED;
    return proved && hole != Hole.RELEASE_BEFORE_BARRIER ? scenario.level() : WriteLevel.ASYNC;
  }

  private ReadLevel read(Asked asked) {
    ReadLevel wanted = asked.manner().read();
    boolean early = hole == Hole.RELEASE_BEFORE_BARRIER;
    return early && wanted == ReadLevel.LINEARIZABLE ? ReadLevel.LEADER : wanted;
  }

  private WaitingWrite waiting(ReplyCallback callback) {
    Shard written = shard();
    int wanted = scenario.level().copies(scenario.members()) - 1;
    return new WaitingWrite(
        process,
        written,
        wanted,
        callback,
        listener -> {
          Shard asked = hole == Hole.WAIT_IN_OTHER_EPOCH ? shard() : written;
          policy.countReplicas(asked, wanted, 200, listener);
        });
  }

  private void answer(Consumer<Answer> client, Answer answer) {
    if (pending.remove(client)) {
      client.accept(answer);
    }
  }

  /** Dies and is started again: what its clients wait for is uncertain. */
  void crash(SimulatedNetwork network) {
    process.crash();
    network.died(process);
    List<Consumer<Answer>> orphans = pending;
    pending = new ArrayList<>();
    orphans.forEach(
        client -> client.accept(new Answer(Fate.UNCERTAIN, "proxy crashed", shard().epoch())));
    process.restart();
    policy = freshPolicy();
    start();
  }

  private final class Answering implements ReplyCallback {
    private final Asked asked;
    private final int retries;
    private final long epoch = shard().epoch();

    Answering(Asked asked, int retries) {
      this.asked = asked;
      this.retries = retries;
    }

    @Override
    public void onReply(Reply reply) {
      Fate fate = reply.isError() ? Fate.NOT_DONE : Fate.DONE;
      answer(asked.client(), new Answer(fate, reply.text(), epoch));
    }

    @Override
    public void onFailure(BackendFailure failure, NodeId node, String reason) {
      switch (failure) {
        case NOT_SENT, NO_LEADER ->
            answer(asked.client(), new Answer(Fate.NOT_DONE, reason, epoch));
        case OUTCOME_UNKNOWN -> {
          if (retries > 0) {
            process.after(5_000, () -> send(asked, retries - 1));
          } else {
            answer(asked.client(), new Answer(Fate.UNCERTAIN, reason, epoch));
          }
        }
      }
    }
  }
}
