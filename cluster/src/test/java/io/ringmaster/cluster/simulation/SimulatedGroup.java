package io.ringmaster.cluster.simulation;

import io.ringmaster.cluster.quorum.Report;
import io.ringmaster.cluster.simulation.ConfigLog.Heartbeat;
import io.ringmaster.cluster.topology.FenceShard;
import io.ringmaster.cluster.topology.InvalidTopologyException;
import io.ringmaster.cluster.topology.Shard;
import io.ringmaster.cluster.topology.ShardState;
import io.ringmaster.cluster.topology.Topology;
import io.ringmaster.cluster.topology.TopologyChange;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The config group as coordinators see it: what arrives there is decided in that instant. One
 * coordinator leads in a term; that its term is over it hears when a message comes through.
 */
final class SimulatedGroup {

  private static final long SILENCE = 100_000;

  /**
   * What a coordinator says.
   *
   * @param report its heartbeat
   * @param change that it proposes, if any
   */
  private record Question(int incarnation, Report report, @Nullable TopologyChange change) {}

  /**
   * What a coordinator hears.
   *
   * @param leads whether it leads in {@code term}
   * @param heartbeats the last one of everybody that is in the log
   */
  record Answer(Topology topology, long term, boolean leads, List<Heartbeat> heartbeats) {}

  private record Member(SimulatedProcess process, int incarnation) {}

  private final World world;
  private final SimulatedNetwork network;
  private final ConfigLog log;
  private final Map<SimulatedProcess, Consumer<Answer>> coordinators = new HashMap<>();
  private final List<SimulatedProcess> order = new ArrayList<>();
  private final Map<SimulatedProcess, Long> heardAt = new HashMap<>();
  private final Map<SimulatedProcess, Integer> incarnations = new HashMap<>();
  private final List<SimulatedProxy> proxies;
  private final Scenario scenario;
  private long abruptEpoch;
  private @Nullable Member leader;
  private long term;

  SimulatedGroup(
      SimulatedNetwork network, ConfigLog log, List<SimulatedProxy> proxies, Scenario scenario) {
    this.world = network.world();
    this.network = network;
    this.log = log;
    this.proxies = proxies;
    this.scenario = scenario;
    log.onNews(() -> order.forEach(this::tell));
  }

  SimulatedProcess process() {
    return log.process();
  }

  Topology topology() {
    return log.topology();
  }

  Shard shard() {
    return topology().shards().getFirst();
  }

  /** The names of those who have a vote. */
  Set<String> members() {
    return order.stream().map(SimulatedProcess::toString).collect(Collectors.toSet());
  }

  /** {@code coordinator} has no vote any more. */
  void leave(SimulatedProcess coordinator) {
    order.remove(coordinator);
    coordinators.remove(coordinator);
  }

  /** {@code listener} is told of changes from now on. */
  void join(SimulatedProcess coordinator, Consumer<Answer> listener) {
    if (coordinators.put(coordinator, listener) == null) {
      order.add(coordinator);
    }
  }

  /** Asks what is committed; {@code then} hears it, if it hears anything. */
  void ask(SimulatedProcess asker, Report report, Consumer<Answer> then) {
    send(asker, report, null, then);
  }

  /** The same, when {@code change} was decided. */
  void propose(
      SimulatedProcess asker, Report report, TopologyChange change, Consumer<Answer> then) {
    send(asker, report, change, then);
  }

  private void send(
      SimulatedProcess asker,
      Report report,
      @Nullable TopologyChange change,
      Consumer<Answer> then) {
    Connection<Question, Answer> connection = network.connect(asker, process());
    connection
        .up()
        .receive(
            question -> connection.down().send(received(asker, question)),
            connection::closeByServer);
    connection
        .down()
        .receive(
            answer -> {
              connection.closeByClient();
              then.accept(answer);
            },
            connection::closeByClient);
    connection.up().send(new Question(asker.incarnation(), report, change));
  }

  private Answer received(SimulatedProcess from, Question question) {
    heardAt.put(from, world.now());
    incarnations.put(from, question.incarnation());
    log.append(question.report());
    TopologyChange change = question.change();
    if (change != null) {
      decide(change);
    }
    return answer(from, question.incarnation());
  }

  private Answer answer(SimulatedProcess to, int incarnation) {
    boolean leads = new Member(to, incarnation).equals(leader);
    return new Answer(topology(), term, leads, log.heartbeats());
  }

  /** Commits {@code change}, unless it does not fit any more. */
  void decide(TopologyChange change) {
    ShardState before = shard().state();
    try {
      log.commit(change.applyTo(topology()));
    } catch (InvalidTopologyException refused) {
      trace("refuses " + change + ": " + refused.getMessage());
      return;
    }
    trace("commits " + change);
    if (change instanceof FenceShard && !isOrderly(before)) {
      abruptEpoch = shard().epoch();
    }
    for (SimulatedProxy proxy : proxies) {
      world.after(world.between(0, scenario.latestNews()), () -> log.push(proxy));
    }
    order.forEach(this::tell);
  }

  /** A shard that was stopped is started: its servers may have lost something only by faults. */
  private boolean isOrderly(ShardState before) {
    return before == ShardState.STOPPED && scenario.calm();
  }

  /** The last epoch that did not begin with what the leader before had at its end. */
  long abruptEpoch() {
    return abruptEpoch;
  }

  /** What is committed comes to a coordinator without its asking. */
  private void tell(SimulatedProcess coordinator) {
    Connection<Answer, Answer> connection = network.connect(process(), coordinator);
    connection
        .up()
        .receive(
            answer -> {
              connection.closeByServer();
              Consumer<Answer> listener = coordinators.get(coordinator);
              if (listener != null) {
                listener.accept(answer);
              }
            },
            connection::closeByServer);
    connection.up().send(answer(coordinator, incarnations.getOrDefault(coordinator, 1)));
  }

  /** Whether the present leader has not been heard of for a while. */
  boolean isLeaderless() {
    Member present = leader;
    return present == null
        || present.incarnation() != incarnations.getOrDefault(present.process(), 1)
        || isSilent(present.process());
  }

  private boolean isSilent(SimulatedProcess coordinator) {
    return heardAt.getOrDefault(coordinator, -SILENCE) < world.now() - SILENCE;
  }

  /** A new term begins; who leads in it must have been heard of lately. */
  void elect() {
    List<SimulatedProcess> candidates =
        order.stream().filter(candidate -> !isSilent(candidate)).toList();
    if (candidates.isEmpty() || !process().isWell()) {
      return;
    }
    Member deposed = leader;
    term++;
    SimulatedProcess elected = world.pick(candidates);
    leader = new Member(elected, incarnations.getOrDefault(elected, 1));
    trace(elected + " leads in term " + term);
    for (SimulatedProcess coordinator : order) {
      // Who led until now hears of it when it asks next.
      if (deposed == null || coordinator != deposed.process()) {
        tell(coordinator);
      }
    }
  }

  private void trace(String text) {
    if (world.isTraced()) {
      world.trace("config group: " + text);
    }
  }
}
