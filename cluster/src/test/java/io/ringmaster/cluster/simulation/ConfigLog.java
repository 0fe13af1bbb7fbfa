package io.ringmaster.cluster.simulation;

import io.ringmaster.cluster.quorum.Report;
import io.ringmaster.cluster.topology.Shard;
import io.ringmaster.cluster.topology.Topology;
import java.util.List;
import java.util.TreeMap;
import java.util.function.Consumer;

/**
 * The config group's log, as if it were one process that never forgets: what arrives there is
 * committed in that instant, and answered with what is committed by then.
 */
final class ConfigLog {

  /**
   * A heartbeat in the log.
   *
   * @param index its place
   */
  record Heartbeat(long index, Report report) {}

  private final SimulatedNetwork network;
  private final long slowest;
  private final SimulatedProcess process;
  // The last of each, by name.
  private final TreeMap<String, Heartbeat> heartbeats = new TreeMap<>();
  private Topology newest;
  private long index;

  /** Some answers take up to {@code slowest} microseconds. */
  ConfigLog(SimulatedNetwork network, Topology newest, long slowest) {
    this.slowest = slowest;
    this.network = network;
    this.process = new SimulatedProcess(network.world(), "config group");
    this.newest = newest;
  }

  SimulatedProcess process() {
    return process;
  }

  Topology topology() {
    return newest;
  }

  /** The last heartbeat of everybody. */
  List<Heartbeat> heartbeats() {
    return List.copyOf(heartbeats.values());
  }

  /** {@code report} is an entry from now on. */
  void append(Report report) {
    heartbeats.merge(
        report.by(),
        new Heartbeat(++index, report),
        (before, next) -> new Heartbeat(next.index(), before.report().then(next.report())));
  }

  /** {@code asker} sends a heartbeat, and hears what is committed, if it hears anything. */
  void ask(SimulatedProcess asker, Report report, Consumer<Topology> answer) {
    Connection<Report, Topology> connection = network.connect(asker, process);
    connection
        .up()
        .receive(
            told -> {
              append(told);
              Topology committed = newest;
              process.after(delay(), () -> connection.down().send(committed));
            },
            connection::closeByServer);
    connection
        .down()
        .receive(
            topology -> {
              connection.closeByClient();
              answer.accept(topology);
            },
            connection::closeByClient);
    connection.up().send(report);
  }

  private long delay() {
    return network.world().chance(0.2) ? network.world().between(0, slowest) : 0;
  }

  /** Commits {@code topology}. */
  void commit(Topology topology) {
    newest = topology;
  }

  /** Whether {@code shard} could be committed for {@code author}, as the next topology. */
  boolean commit(SimulatedProcess author, Shard shard) {
    boolean reached =
        process.isWell()
            && !network.isBlocked(author, process)
            && !network.isBlocked(process, author);
    if (reached) {
      newest = KnownTopology.of(newest.epoch() + 1, shard);
    }
    return reached;
  }

  /** Tells {@code listener} of the newest topology, unless the way there is cut. */
  void push(SimulatedProxy listener) {
    if (process.isWell() && !network.isBlocked(process, listener.process())) {
      listener.learn(newest);
    }
  }
}
