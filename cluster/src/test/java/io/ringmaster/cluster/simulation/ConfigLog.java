package io.ringmaster.cluster.simulation;

import io.ringmaster.cluster.topology.Shard;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Consumer;

/**
 * The config group, as if it were one process that never forgets: what arrives there is committed
 * in that instant, and answered with what is committed by then.
 */
final class ConfigLog {

  private final SimulatedNetwork network;
  private final long slowest;
  private final SimulatedProcess process;
  private final Map<SimulatedProcess, Shard> known = new HashMap<>();
  private Shard newest;

  /** Some answers take up to {@code slowest} microseconds. */
  ConfigLog(SimulatedNetwork network, Shard newest, long slowest) {
    this.slowest = slowest;
    this.network = network;
    this.process = new SimulatedProcess(network.world(), "config group");
    this.newest = newest;
  }

  SimulatedProcess process() {
    return process;
  }

  /**
   * A heartbeat: {@code asker}, which knows the shard like that by now, hears how it is, if it
   * hears anything.
   */
  void ask(SimulatedProcess asker, Shard present, Consumer<Shard> answer) {
    Connection<Shard, Shard> connection = network.connect(asker, process);
    connection
        .up()
        .receive(
            told -> {
              known.merge(
                  asker, told, (one, other) -> KnownShard.isOlder(one, other) ? other : one);
              Shard committed = newest;
              process.after(delay(), () -> connection.down().send(committed));
            },
            connection::closeByServer);
    connection
        .down()
        .receive(
            shard -> {
              connection.closeByClient();
              answer.accept(shard);
            },
            connection::closeByClient);
    connection.up().send(present);
  }

  private long delay() {
    return network.world().chance(0.2) ? network.world().between(0, slowest) : 0;
  }

  /** Whether {@code shard} could be committed for {@code author}. */
  boolean commit(SimulatedProcess author, Shard shard) {
    boolean reached =
        process.isWell()
            && !network.isBlocked(author, process)
            && !network.isBlocked(process, author);
    if (reached) {
      newest = shard;
    }
    return reached;
  }

  /** Whether nobody who may hold a lease knows the shard as it was before it was like that. */
  boolean isKnownToAll(Shard shard) {
    return known.values().stream().noneMatch(told -> KnownShard.isOlder(told, shard));
  }

  /** Tells {@code listener} of the newest epoch, unless the way there is cut. */
  void push(SimulatedProxy listener) {
    if (process.isWell() && !network.isBlocked(process, listener.process())) {
      listener.learn(newest);
    }
  }
}
