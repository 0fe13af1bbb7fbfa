package io.ringmaster.cluster.simulation;

import io.ringmaster.cluster.topology.WriteLevel;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What is simulated under one seed.
 *
 * @param members nodes of the shard
 * @param level level of the writes
 * @param sealed how many members are cut off before one of them is made the leader
 * @param mood what goes wrong most
 * @param reads whether there are linearizable reads besides the writes
 * @param flushes whether the database is emptied now and then
 * @param proxies how many
 * @param clients how many for each proxy
 * @param operations how many for each client
 * @param waitMillis how long a server is asked to wait for its replicas
 * @param replyTimeout microseconds after which a silent connection is given up
 * @param faultsApart microseconds between two faults, on the average
 * @param failoversApart the same for failovers without a need
 * @param longDelays how many of the messages take long
 * @param lease microseconds for which the config group grants leases; 0 if there are none, and
 *     leaders are not asked alone
 * @param plans whether nodes come and go, and leaders hand over
 * @param stops whether the shard is stopped, its servers are shut down, and it is started again
 * @param listens whether replicas are listened to
 * @param suspends whether machines are suspended; else their time of day is set
 * @param loops event loops of each proxy
 * @param lanes how many connections the clients of a loop use side by side
 * @param lag microseconds that the replication links take besides, all the time
 * @param losses whether some servers and proxies are gone for good at the end
 * @param resets whether settings differ after a restart
 * @param calm whether hardly anything fails: nodes come and go, leaders hand over, replicas lag
 * @param large whether some requests and replies are, and take connections of their own
 * @param old whether servers are older than 7.2
 * @param freezes whether machines stand still with both of their clocks, which nobody can notice
 */
record Scenario(
    int members,
    WriteLevel level,
    int sealed,
    Mood mood,
    boolean reads,
    boolean flushes,
    int proxies,
    int clients,
    int operations,
    int waitMillis,
    long replyTimeout,
    long faultsApart,
    long failoversApart,
    double longDelays,
    long lease,
    boolean plans,
    boolean stops,
    boolean listens,
    boolean suspends,
    int loops,
    int lanes,
    long lag,
    boolean losses,
    boolean resets,
    boolean calm,
    boolean large,
    boolean old,
    boolean freezes) {

  /**
   * @param hole what is missing; what it takes to notice that comes more often then
   */
  static Scenario of(World world, Hole hole) {
    return of(world, hole, hole.mood() == Mood.MIXED ? world.pick(Mood.OPERATED) : hole.mood());
  }

  static Scenario of(World world, Hole hole, Mood mood) {
    // So that no kind of coordinators' work is seldom among many seeds.
    boolean even = mood == Mood.COORDINATORS && hole == Hole.NONE;
    int members =
        hole == Hole.COUNT_LINKS
                || hole == Hole.SHRUNKEN_MAJORITY
                || hole == Hole.COUNT_ANY_ACK
                || world.chance(even ? 0.35 : 0.25)
            ? 5
            : 3;
    boolean mayBeAll = mood != Mood.COORDINATORS || even;
    boolean all = members == 3 && mayBeAll && world.chance(even ? 0.5 : 0.25);
    boolean flushes = hole == Hole.FLUSH_DROPS_MARKER || world.chance(even ? 0.35 : 0.1);
    boolean reads = !all || flushes || world.chance(0.5);
    boolean brief = hole.resets() || hole.plans() || hole.isHasty();
    long lease = brief ? world.between(60_000, 150_000) : lease(mood, world);
    // Reads, and what has no lease, are proved at a majority whatever the writes are: then a
    // majority has to be sealed.
    int proven = reads || lease > 0 ? WriteLevel.QUORUM.writeQuorum(members) : members;
    boolean plans = mood == Mood.COORDINATORS && (even ? world.chance(0.5) : hole.plans());
    boolean calm = plans && (even ? world.chance(0.2) : hole.isCalm());
    boolean shortOfPatience = mood == Mood.NETWORK || world.chance(0.3);
    return new Scenario(
        members,
        all ? WriteLevel.ALL : usual(plans, world),
        members - proven + 1,
        mood,
        reads,
        flushes,
        mood == Mood.LEASES || hole.resets() ? 2 + world.below(2) : 1 + world.below(3),
        2 + world.below(2),
        (mood == Mood.LEASES ? 30 : 20) + world.below(20),
        waitMillis(mood, world),
        shortOfPatience ? 150_000 : 500_000,
        mood == Mood.OPERATOR ? 500_000 : world.between(10_000, 150_000),
        hole.isHasty() ? world.between(40_000, 120_000) : failoversApart(mood, world),
        calm ? 0 : longDelays(mood, world),
        lease,
        plans,
        mood == Mood.COORDINATORS && (even ? world.chance(0.35) : hole.stops()),
        hole.listens() || (!hole.asks() && world.chance(0.6)),
        hole == Hole.UNNOTICED_SUSPEND || world.chance(0.5),
        1 + world.below(2),
        hole.mixesLanes() ? 3 : 1 + world.below(3),
        hole.lags() || calm || (hole == Hole.NONE && world.chance(0.25)) ? lag(world) : 0,
        mood == Mood.COORDINATORS && !calm && (hole.loses() || (even && world.chance(0.3))),
        hole.resets() || (hole == Hole.NONE && lease > 0 && world.chance(0.3)),
        calm,
        hole.isLarge() || (hole == Hole.NONE && world.chance(0.25)),
        hole == Hole.NONE && world.chance(0.5),
        hole == Hole.NONE && lease > 0 && world.chance(0.1));
  }

  /** A shard that may shrink to two nodes promises nothing at the level that nobody has set. */
  private static WriteLevel usual(boolean plans, World world) {
    return plans || world.chance(0.5) ? WriteLevel.QUORUM : WriteLevel.DEFAULT;
  }

  /** Up to a multiple of what leaders wait for their replicas at a time. */
  private static long lag(World world) {
    return world.between(2_000, 60_000);
  }

  /** What any proxy may have. */
  long longestLease() {
    return resets ? 3 * lease : lease;
  }

  /** The lease of a proxy that is started again. */
  long nextLease(World world) {
    return resets ? world.between(lease / 2, 3 * lease) : lease;
  }

  /** Whether replicas that are silent for long are taken out of the in-sync set. */
  boolean excludes() {
    return plans || losses;
  }

  private static double longDelays(Mood mood, World world) {
    return switch (mood) {
      case MIXED, LEASES, COORDINATORS -> world.pick(List.of(0.0, 0.002, 0.01));
      case NETWORK, OPERATOR -> 0.03;
    };
  }

  private static long lease(Mood mood, World world) {
    return switch (mood) {
      case MIXED -> world.chance(0.3) ? world.between(60_000, 300_000) : 0;
      case LEASES -> world.between(40_000, 120_000);
      case COORDINATORS -> world.between(150_000, 500_000);
      case NETWORK, OPERATOR -> 0;
    };
  }

  /** What it is about, besides writes and failovers. */
  List<String> subjects() {
    Map<String, Boolean> subjects = new LinkedHashMap<>();
    subjects.put("three nodes, quorum", members == 3 && level == WriteLevel.QUORUM);
    subjects.put("level default", level == WriteLevel.DEFAULT);
    subjects.put("lag", lag > 0);
    subjects.put("hand-overs only", calm);
    subjects.put("large requests", large);
    subjects.put("losses for good", losses);
    subjects.put("other settings after a restart", resets);
    subjects.put("clocks that stand still", freezes);
    subjects.put("several loops", loops > 1);
    subjects.put("five nodes", members == 5);
    subjects.put("level all", level == WriteLevel.ALL);
    subjects.put("leases", hasLeases());
    subjects.put("membership", plans);
    subjects.put("clean stops", stops);
    subjects.put("flushes", flushes);
    return subjects.keySet().stream()
        .filter(subject -> subjects.getOrDefault(subject, false))
        .toList();
  }

  /** Whether leaders are asked alone, under leases. */
  boolean hasLeases() {
    return lease > 0;
  }

  private static int waitMillis(Mood mood, World world) {
    return switch (mood) {
      case MIXED, COORDINATORS -> world.pick(List.of(20, 100));
      case NETWORK -> 100;
      case OPERATOR, LEASES -> 3;
    };
  }

  private static long failoversApart(Mood mood, World world) {
    return switch (mood) {
      case MIXED -> world.between(30_000, 600_000);
      case NETWORK -> 3_000_000;
      case LEASES, COORDINATORS -> world.between(200_000, 600_000);
      case OPERATOR -> 150_000;
    };
  }

  /** After which a reply that is held ends as unknown. */
  int deadlineMillis() {
    return mood == Mood.LEASES ? 20 : 200;
  }

  /** How many of the requests are answered by leaders alone. */
  double alone() {
    return mood == Mood.LEASES ? 0.8 : lease > 0 ? 0.4 : 0;
  }

  /** Microseconds that a client waits, at most, after something has failed. */
  long patience() {
    return mood == Mood.COORDINATORS ? 150_000 : 30_000;
  }

  /** Microseconds after which a coordinator gives up a silent connection. */
  long adminTimeout() {
    return replyTimeout / 5;
  }

  /** How many of a coordinator's transactions get stuck on their way. */
  double lateBatches() {
    return 0.25;
  }

  /** How likely a failover is followed by another one at once. */
  double rashness() {
    return mood == Mood.OPERATOR ? 0.9 : 0.3;
  }

  /** Microseconds; under rash operators as long as two failovers, else as long as a timeout. */
  long longestDelay() {
    return mood == Mood.OPERATOR ? 250_000 : 400_000;
  }

  /** Microseconds after which a proxy has heard of a new leader. */
  long latestNews() {
    return mood == Mood.OPERATOR ? 150_000 : 60_000;
  }

  /** How many members may have lost their memory at the same time. */
  int forgetful() {
    return members - sealed;
  }
}
