package io.ringmaster.cluster.simulation;

import io.ringmaster.cluster.quorum.Observations;
import io.ringmaster.cluster.quorum.Report;
import io.ringmaster.cluster.replication.BarrierCounters;
import io.ringmaster.cluster.replication.ClientView;
import io.ringmaster.cluster.replication.LeaderPolicy;
import io.ringmaster.cluster.replication.Lease;
import io.ringmaster.cluster.replication.NoCounters;
import io.ringmaster.cluster.simulation.check.Operation.Fate;
import io.ringmaster.cluster.spi.BackendFailure;
import io.ringmaster.cluster.spi.Lane;
import io.ringmaster.cluster.spi.ReplyCallback;
import io.ringmaster.cluster.topology.NodeId;
import io.ringmaster.cluster.topology.ReadLevel;
import io.ringmaster.cluster.topology.Shard;
import io.ringmaster.cluster.topology.ShardState;
import io.ringmaster.cluster.topology.Topology;
import io.ringmaster.cluster.topology.WriteLevel;
import io.ringmaster.protocol.ProtocolVersion;
import io.ringmaster.protocol.Reply;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** A proxy: its event loops, its lease, and its clients. */
final class SimulatedProxy {

  /** The user that proxies log in as. */
  static final String USER = "proxy";

  /** Those of clients: databases and protocol versions mixed. */
  static final List<Lane> LANES =
      List.of(
          Lane.data(0, ProtocolVersion.RESP2),
          Lane.data(0, ProtocolVersion.RESP3),
          Lane.data(3, ProtocolVersion.RESP2));

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
  private final KnownTopology known;
  private List<Consumer<Answer>> pending = new ArrayList<>();
  private List<SimulatedLoop> loops = List.of();
  private Lease lease = Lease.ALWAYS;
  private long leasePeriod;
  private long reports;
  private @Nullable Renewal renewal;
  private @Nullable SimulatedProxy successor;

  SimulatedProxy(
      World world,
      String name,
      Map<NodeId, SimulatedServer> servers,
      ConfigLog log,
      Scenario scenario,
      Hole hole) {
    this.process = new SimulatedProcess(world, name);
    this.servers = servers;
    this.log = log;
    this.known = new KnownTopology(log.topology());
    this.scenario = scenario;
    this.hole = hole;
    this.leasePeriod = scenario.nextLease(world);
    this.loops = freshLoops();
  }

  /** Begins to renew its lease. */
  void start() {
    if (scenario.hasLeases()) {
      Renewal begun = new Renewal(process, log, leasePeriod, hole, this::report, this::learn);
      renewal = begun;
      lease = hole == Hole.NO_ARRIVAL_CHECK ? Lease.ALWAYS : begun.lease();
      loops = freshLoops();
      begun.start();
    }
  }

  private List<SimulatedLoop> freshLoops() {
    List<SimulatedLoop> fresh = new ArrayList<>();
    Topology now = known.topology();
    Supplier<Topology> newest = hole == Hole.LEASE_OF_OLD_EPOCH ? () -> now : known::topology;
    for (int i = 0; i < scenario.loops(); i++) {
      fresh.add(new SimulatedLoop(process, servers, scenario, hole, lease, now, newest));
    }
    return fresh;
  }

  /** What it says with a heartbeat: by then it has given what it knows to its loops. */
  private Report report() {
    Shard shard = known.shard();
    Observations observations =
        new Observations(
            ++reports,
            Map.of(),
            isDrained() ? Map.of(shard.id(), shard.pauseEpoch()) : Map.of(),
            Map.of(),
            Map.of());
    return new Report(
        "" + process,
        process + " " + process.incarnation(),
        known.topology().epoch(),
        FastScheduler.millis(leasePeriod),
        observations);
  }

  /** Whether the shard is being handed over, and nobody here asks it anything any more. */
  private boolean isDrained() {
    Shard shard = known.shard();
    return shard.state() == ShardState.PAUSED
        && loops.stream()
            .noneMatch(
                loop -> loop.epoch() < known.topology().epoch() || loop.policy().isBusy(shard));
  }

  /** Says so at once, as whoever hands over waits for that. */
  private void tellOnceDrained(Renewal renewed) {
    if (isDrained()) {
      renewed.ask();
    } else if (known.shard().state() == ShardState.PAUSED && renewed == renewal) {
      process.after(1_000, () -> tellOnceDrained(renewed));
    }
  }

  SimulatedProcess process() {
    return process;
  }

  /** What it sends for a client's {@code FLUSHALL}. */
  Words flush() {
    return hole == Hole.FLUSH_DROPS_MARKER ? Words.writing("FLUSHALL") : Scripts.flush();
  }

  /** It has heard of the topology as it is now. */
  void learn(Topology newer) {
    process.run(() -> learnNow(newer));
  }

  private void learnNow(Topology newer) {
    if (hole == Hole.LEASE_OF_OLD_EPOCH && newer.epoch() > known.topology().epoch()) {
      // What asks the old one hears nothing of the new one.
      known.learn(newer);
      loops = freshLoops();
    }
    if (!known.learn(newer)) {
      return;
    }
    for (SimulatedLoop loop : loops) {
      process.after(process.world().between(0, 300), () -> loop.learn(newer));
    }
    Renewal renewed = renewal;
    if (renewed != null && !known.shard().isServing()) {
      // Others wait until that is known here.
      renewed.ask();
      tellOnceDrained(renewed);
    }
  }

  /**
   * A client's connection to it.
   *
   * @param number of the client
   * @param lane that its requests take
   * @param view what it must see
   */
  record Client(int number, Lane lane, ClientView view) {}

  private record Asked(
      Words request, Manner manner, Client client, SimulatedLoop loop, Consumer<Answer> answer) {}

  /** Executes a client's request when it arrives; {@code answer} gets one answer. */
  void execute(Words request, Manner manner, Client client, Consumer<Answer> answer) {
    pending.add(answer);
    int retries = hole == Hole.RETRY_UNCERTAIN ? 2 : 0;
    SimulatedLoop loop = loops.get(client.number() % loops.size());
    Asked asked = new Asked(request, manner, client, loop, answer);
    process.after(process.world().between(10, 200), () -> send(asked, retries));
  }

  private void send(Asked asked, int retries) {
    ReplyCallback callback = new Answering(asked, retries);
    LeaderPolicy policy = asked.loop().policy();
    Shard shard = asked.loop().shard();
    asked.loop().turn();
    boolean oneLane = hole == Hole.COVER_OTHER_LANES;
    Lane lane = oneLane ? LANES.getFirst() : lane(asked);
    ClientView view = hole == Hole.FORGET_OWN_WRITES ? ClientView.UNTRACKED : asked.client().view();
    if (asked.request().isReadOnly()) {
      policy.read(asked.request(), shard, lane, read(asked), view, callback);
    } else {
      boolean waits = asked.manner().writing() == Writing.WAITING;
      ReplyCallback told = waits ? waiting(asked.loop(), callback) : callback;
      policy.write(asked.request(), shard, lane, write(asked), view, told);
    }
  }

  /** A large request travels on a connection of its own. */
  private Lane lane(Asked asked) {
    Lane shared = asked.client().lane();
    World world = process.world();
    return scenario.large() && world.chance(0.2) ? shared.numbered(1 + world.below(2)) : shared;
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

  private WaitingWrite waiting(SimulatedLoop loop, ReplyCallback callback) {
    Shard written = loop.shard();
    int wanted = scenario.level().writeQuorum(scenario.members()) - 1;
    return new WaitingWrite(
        process,
        written,
        wanted,
        callback,
        listener -> {
          Shard asked = hole == Hole.WAIT_IN_OTHER_EPOCH ? loop.shard() : written;
          loop.policy().countReplicas(asked, wanted, 200, listener);
        });
  }

  private void answer(Consumer<Answer> client, Answer answer) {
    if (pending.remove(client)) {
      client.accept(answer);
    }
  }

  /** Dies: what its clients wait for is uncertain. */
  private void die(SimulatedNetwork network) {
    process.crash();
    network.died(process);
    List<Consumer<Answer>> orphans = pending;
    pending = new ArrayList<>();
    long epoch = known.shard().epoch();
    orphans.forEach(client -> client.accept(new Answer(Fate.UNCERTAIN, "proxy crashed", epoch)));
  }

  /** Dies and is started again, perhaps with other settings. */
  void crash(SimulatedNetwork network) {
    die(network);
    process.restart();
    leasePeriod = scenario.nextLease(process.world());
    loops = freshLoops();
    start();
  }

  /** Dies for good: its clients go to {@code heir}. */
  void vanish(SimulatedNetwork network, SimulatedProxy heir) {
    die(network);
    successor = heir;
  }

  /** Who serves its clients now. */
  SimulatedProxy serving() {
    SimulatedProxy next = successor;
    return next == null ? this : next.serving();
  }

  private final class Answering implements ReplyCallback {
    private final Asked asked;
    private final int retries;
    private final long epoch;

    Answering(Asked asked, int retries) {
      this.asked = asked;
      this.retries = retries;
      this.epoch = asked.loop().shard().epoch();
    }

    /** That something exists already is an answer like any other. */
    @Override
    public void onReply(Reply reply) {
      boolean tells = !reply.isError() || reply.text().contains("BUSYGROUP");
      answer(
          asked.answer(),
          new Answer(
              tells ? Fate.DONE : Fate.NOT_DONE, reply.isError() ? "" : reply.text(), epoch));
    }

    @Override
    public void onFailure(BackendFailure failure, NodeId node, String reason) {
      switch (failure) {
        case NOT_SENT, NO_LEADER ->
            answer(asked.answer(), new Answer(Fate.NOT_DONE, reason, epoch));
        case OUTCOME_UNKNOWN -> {
          if (retries > 0) {
            process.after(5_000, () -> send(asked, retries - 1));
          } else {
            answer(asked.answer(), new Answer(Fate.UNCERTAIN, reason, epoch));
          }
        }
      }
    }
  }
}
