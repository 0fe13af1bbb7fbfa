package io.ringmaster.cluster.simulation;

import io.ringmaster.cluster.spi.BackendFailure;
import io.ringmaster.cluster.spi.Backends;
import io.ringmaster.cluster.spi.Lane;
import io.ringmaster.cluster.spi.ReplyCallback;
import io.ringmaster.cluster.topology.NodeId;
import io.ringmaster.protocol.Reply;
import io.ringmaster.protocol.Request;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;

/** The connections of one proxy's loop to the servers, one for each node and lane. */
final class SimulatedBackends implements Backends {

  private record Channel(NodeId node, String name) {}

  private record Key(NodeId node, Lane lane) {}

  private record Use(NodeId node, Lane.Purpose purpose) {}

  /** A lost connection, in which requests may be on their way. */
  record Incarnation(String runId, long clientId) {}

  private final SimulatedProcess process;
  private final Map<NodeId, SimulatedServer> servers;
  private final long replyTimeout;
  private final boolean fencing;
  private final int haste;
  private final boolean listening;
  private final BiFunction<NodeId, Lane, Words> greeting;
  private final Map<Key, SimulatedLane> lanes = new LinkedHashMap<>();
  private final Map<Use, List<Incarnation>> leftovers = new HashMap<>();
  private final boolean large;
  private final boolean sharing;
  private int detour;
  private final Map<Channel, MessageListener> channels = new HashMap<>();
  private final List<LossListener> listeners = new ArrayList<>();
  private final List<Runnable> arrivals = new ArrayList<>();

  /** {@code greeting}: how to log in at a node. */
  SimulatedBackends(
      SimulatedProcess process,
      Map<NodeId, SimulatedServer> servers,
      Scenario scenario,
      Hole hole,
      BiFunction<NodeId, Lane, Words> greeting) {
    this(process, servers, scenario, hole, greeting, 1);
  }

  /** {@code haste}: how many of its milliseconds are one of the servers'. */
  SimulatedBackends(
      SimulatedProcess process,
      Map<NodeId, SimulatedServer> servers,
      Scenario scenario,
      Hole hole,
      BiFunction<NodeId, Lane, Words> greeting,
      int haste) {
    this.haste = haste;
    this.greeting = greeting;
    this.process = process;
    this.servers = servers;
    this.replyTimeout = scenario.replyTimeout();
    this.listening = scenario.listens();
    this.fencing = hole != Hole.NO_CONNECTION_FENCE;
    this.large = scenario.large();
    this.sharing = hole != Hole.OWN_LEFTOVERS;
  }

  @Override
  public void send(NodeId node, Lane lane, Request request, ReplyCallback callback) {
    lane(node, lane).send(hasty(Words.of(request)), callback);
  }

  @Override
  public Lane passable(NodeId node, Lane lane) {
    return !large || lane.isLent() ? lane : lane.numbered(detour);
  }

  /**
   * Now and then a large reply is in the way, and whoever comes then takes other connections, on
   * which nothing is on its way. Not while a reply is handled.
   */
  void turn() {
    int other = -1 - detour;
    if (large
        && process.world().chance(0.05)
        && lanes.values().stream().allMatch(lane -> lane.isFree() || !lane.isNumbered(other))) {
      detour = other;
    }
  }

  @Override
  public String runId(NodeId node, Lane lane) {
    return lane(node, lane).runId();
  }

  @Override
  public void fence(NodeId node, String reason) {
    for (Map.Entry<Key, SimulatedLane> entry : List.copyOf(lanes.entrySet())) {
      if (entry.getKey().node().equals(node)) {
        entry.getValue().close(reason);
      }
    }
  }

  @Override
  public void subscribe(NodeId node, String channel, MessageListener listener) {
    if (listening) {
      channels.put(new Channel(node, channel), listener);
      send(node, Lane.LISTEN, Words.reading("SUBSCRIBE", channel), new Unanswered());
    }
  }

  @Override
  public void unsubscribe(NodeId node, String channel) {
    boolean known = channels.remove(new Channel(node, channel)) != null;
    if (known && !runId(node, Lane.LISTEN).isEmpty()) {
      send(node, Lane.LISTEN, Words.reading("UNSUBSCRIBE", channel), new Unanswered());
    }
  }

  @Override
  public String newName() {
    return "name " + process.world().number();
  }

  /** {@code node} has passed on what was published. */
  void told(NodeId node, SimulatedReply message) {
    String channel = message.elements().getFirst().text();
    MessageListener listener = channels.get(new Channel(node, channel));
    if (listener != null) {
      listener.onMessage(message.elements().getLast().text());
    }
  }

  @Override
  public void onLoss(LossListener listener) {
    listeners.add(listener);
  }

  @Override
  public void onArrival(Runnable listener) {
    arrivals.add(listener);
  }

  /** Something was read from a connection. */
  void arrived() {
    arrivals.forEach(Runnable::run);
  }

  /** How to log in at {@code node}. */
  Words greeting(NodeId node, Lane lane) {
    return greeting.apply(node, lane);
  }

  /** Microseconds after which a silent connection is given up. */
  long replyTimeout() {
    return replyTimeout;
  }

  /** What is left of lost connections is ended before anything more is sent on any other. */
  void lost(NodeId node, Lane lane, String reason) {
    if (large && sharing) {
      List.copyOf(lanes.values()).stream()
          .filter(other -> other.serves(node, lane.purpose()))
          .forEach(SimulatedLane::endLeftovers);
    }
    listeners.forEach(listener -> listener.lost(node, lane, reason));
  }

  private SimulatedLane lane(NodeId node, Lane lane) {
    return lanes.computeIfAbsent(
        new Key(node, lane), key -> new SimulatedLane(this, process, server(node), lane, fencing));
  }

  /** Of the lanes that serve the same purpose, or of {@code lane} alone. */
  List<Incarnation> leftovers(NodeId node, Lane lane) {
    return large && sharing
        ? leftovers.computeIfAbsent(new Use(node, lane.purpose()), use -> new ArrayList<>())
        : new ArrayList<>();
  }

  /** Whether one listens shows in what one hears. */
  private static final class Unanswered implements ReplyCallback {

    @Override
    public void onReply(Reply reply) {}

    @Override
    public void onFailure(BackendFailure failure, NodeId node, String reason) {}
  }

  private Words hasty(Words words) {
    if (haste == 1 || !words.name().equals("WAIT")) {
      return words;
    }
    int millis = Math.max(1, Integer.parseInt(words.word(2)) / haste);
    return Words.reading("WAIT", words.word(1), "" + millis);
  }

  private SimulatedServer server(NodeId node) {
    SimulatedServer server = servers.get(node);
    if (server == null) {
      throw new IllegalArgumentException("no server at " + node);
    }
    return server;
  }
}
