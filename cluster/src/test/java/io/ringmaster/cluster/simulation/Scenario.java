package io.ringmaster.cluster.simulation;

import io.ringmaster.cluster.topology.WriteLevel;
import java.util.List;
import java.util.Set;

/**
 * What is simulated under one seed.
 *
 * @param members nodes of the shard
 * @param level level of the writes
 * @param sealed how many members are cut off before one of them is made the leader
 * @param reads whether there are linearizable reads besides the writes
 * @param flushes whether the database is emptied now and then
 * @param proxies how many
 * @param clients how many for each proxy
 * @param operations how many for each client
 * @param waitMillis how long a server is asked to wait for its replicas
 * @param faultsApart microseconds between two faults, on the average
 * @param failoversApart the same for failovers without a need
 * @param rashness how likely a failover is followed by another one at once
 * @param longDelays how many of the messages take long
 * @param latestNews microseconds after which a proxy has heard of a new leader
 */
record Scenario(
    int members,
    WriteLevel level,
    int sealed,
    boolean reads,
    boolean flushes,
    int proxies,
    int clients,
    int operations,
    int waitMillis,
    long faultsApart,
    long failoversApart,
    double rashness,
    double longDelays,
    long latestNews) {

  static Scenario of(World world, long seed, Set<Hole> holes) {
    boolean five = holes.contains(Hole.COUNT_LINKS) || seed % 4 == 3;
    boolean all = !five && seed % 4 == 2;
    boolean flushes = holes.contains(Hole.FLUSH_DROPS_MARKER) || world.chance(0.1);
    // Reads are proved at a majority whatever the writes are: then a majority has to be sealed.
    boolean reads = !all || flushes || world.chance(0.5);
    int members = five ? 5 : 3;
    boolean rash = world.chance(0.2);
    int proven = reads ? WriteLevel.QUORUM.copies(members) : members;
    return new Scenario(
        members,
        all ? WriteLevel.ALL : WriteLevel.QUORUM,
        members - proven + 1,
        reads,
        flushes,
        1 + world.below(3),
        2 + world.below(2),
        20 + world.below(20),
        world.chance(0.5) ? 20 : 100,
        rash ? 200_000 : world.between(10_000, 150_000),
        rash ? 50_000 : world.between(30_000, 600_000),
        rash ? 0.9 : 0.3,
        rash ? 0.02 : world.pick(List.of(0.0, 0.002, 0.01)),
        rash ? 400_000 : 60_000);
  }

  /** How many members may have lost their memory at the same time. */
  int forgetful() {
    return members - sealed;
  }
}
