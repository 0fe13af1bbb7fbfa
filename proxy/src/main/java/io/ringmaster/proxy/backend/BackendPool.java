package io.ringmaster.proxy.backend;

import io.netty.bootstrap.Bootstrap;
import io.netty.channel.ChannelFactory;
import io.netty.channel.ChannelOption;
import io.netty.channel.socket.SocketChannel;
import io.ringmaster.cluster.spi.Backends;
import io.ringmaster.cluster.spi.Lane;
import io.ringmaster.cluster.spi.ReplyCallback;
import io.ringmaster.cluster.topology.Node;
import io.ringmaster.cluster.topology.NodeId;
import io.ringmaster.cluster.topology.Shard;
import io.ringmaster.cluster.topology.Topology;
import io.ringmaster.protocol.OwnRequest;
import io.ringmaster.protocol.Reply;
import io.ringmaster.protocol.Request;
import io.ringmaster.proxy.loop.DataLoop;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/** The backend connections of one event loop, opened on first use. Belongs to that loop. */
public final class BackendPool implements Backends, BackendConnection.Owner {

  /** The time between two looks after the connections. */
  static final int TICK_MILLIS = 100;

  private record Key(NodeId node, Lane lane) {}

  private record Use(NodeId node, Lane.Purpose purpose) {}

  private final DataLoop loop;
  private final BackendSettings settings;
  private final BackendConnection.Means means;
  private final Map<Key, BackendConnection> connections = new HashMap<>();
  private final Map<Use, Leftovers> leftovers = new HashMap<>();
  private final Detours detours = new Detours();
  private final Subscriptions subscriptions = new Subscriptions();
  private final List<LossListener> lossListeners = new ArrayList<>();
  private final List<Consumer<NodeId>> silenceListeners = new ArrayList<>(1);
  private final List<Runnable> roomListeners = new ArrayList<>(1);
  private Map<NodeId, Long> epochs = Map.of();
  private int full;
  private final List<Runnable> arrivalListeners = new ArrayList<>(1);
  private boolean heard;
  // Some of them, found faster than by hashing.
  private final List<BackendConnection> recent = new ArrayList<>();

  public BackendPool(
      DataLoop loop,
      ChannelFactory<? extends SocketChannel> channels,
      BackendSettings settings,
      Logins logins,
      BackendCounters counters) {
    this.loop = loop;
    this.settings = settings;
    Bootstrap bootstrap =
        new Bootstrap()
            .group(loop.eventLoop())
            .channelFactory(channels)
            .resolver(new SystemResolver())
            .option(ChannelOption.ALLOCATOR, loop.allocator())
            .option(ChannelOption.TCP_NODELAY, true)
            .option(
                ChannelOption.CONNECT_TIMEOUT_MILLIS, (int) settings.connectTimeout().toMillis())
            .option(ChannelOption.RECVBUF_ALLOCATOR, loop.receiveBuffers());
    this.means = new BackendConnection.Means(loop, bootstrap, settings, logins, counters);
    loop.every(TICK_MILLIS, this::watch);
  }

  @Override
  public void send(NodeId node, Lane lane, Request request, ReplyCallback callback) {
    connection(node, lane).send(request, callback);
  }

  /** Returns the number of bytes from which on a request is to be sent on a lane that is lent. */
  public long largeFrom() {
    return settings.large().from();
  }

  /**
   * Which lane a large request to {@code node} takes instead of {@code shared}: one on which
   * nothing is on its way, or else where the least is.
   */
  public Lane lend(NodeId node, Lane shared) {
    Lane best = shared.numbered(1);
    int least = Integer.MAX_VALUE;
    for (int number = 1; number <= settings.large().connections() && least > 0; number++) {
      Lane lane = shared.numbered(number);
      int waiting = inFlight(node, lane);
      if (waiting < least) {
        least = waiting;
        best = lane;
      }
    }
    return best;
  }

  private int inFlight(NodeId node, Lane lane) {
    BackendConnection connection = connections.get(new Key(node, lane));
    return connection == null ? 0 : connection.inFlight();
  }

  @Override
  public Lane passable(NodeId node, Lane lane) {
    return detours.taken(node, lane);
  }

  /** Whoever comes now takes another connection, if one is ready on which nothing is on its way. */
  @Override
  public void obstructed(NodeId node, Lane lane) {
    if (lane.purpose() != Lane.Purpose.DATA
        || lane.isLent()
        || !lane.equals(passable(node, lane))) {
      return;
    }
    for (int number = 0; number >= -settings.large().connections(); number--) {
      Lane other = lane.numbered(number);
      // What is still on its way there would wait for a proof that only what comes now sees to.
      if (!other.equals(lane) && inFlight(node, other) == 0) {
        turn(node, other);
        return;
      }
    }
  }

  private void turn(NodeId node, Lane lane) {
    if (connection(node, lane).reach()) {
      detours.turn(node, lane);
      // Who waits for room in the one may have it in the other.
      roomListeners.forEach(Runnable::run);
    }
  }

  /** Returns the number of times that the lanes of requests have changed. */
  public int turns() {
    return detours.turns();
  }

  @Override
  public String runId(NodeId node, Lane lane) {
    return connection(node, lane).runId();
  }

  @Override
  public void fence(NodeId node, String reason) {
    for (BackendConnection connection : List.copyOf(connections.values())) {
      if (connection.node().equals(node)) {
        connection.reset(reason);
      }
    }
  }

  /**
   * A new topology has arrived: connections that were opened in an earlier epoch of their shard are
   * closed, and lost ones opened again by the next request. It runs on the loop.
   */
  public void follow(Topology next) {
    Map<NodeId, Long> present = new HashMap<>();
    for (Shard shard : next.shards()) {
      for (Node node : shard.nodes()) {
        present.put(node.id(), shard.epoch());
        Long before = epochs.get(node.id());
        if (before != null && before != shard.epoch()) {
          fence(node.id(), "shard " + shard.id() + " has begun epoch " + shard.epoch());
        }
      }
    }
    for (NodeId before : epochs.keySet()) {
      if (!present.containsKey(before)) {
        fence(before, "it has left its shard");
      }
    }
    epochs = present;
    // What was in the way of the others need not be in the way now.
    connections.values().forEach(BackendConnection::endPause);
  }

  @Override
  public void crowded(boolean nowFull) {
    full += nowFull ? 1 : -1;
    if (!nowFull) {
      roomListeners.forEach(Runnable::run);
    }
  }

  /** Whether some connection carries as much as it should. */
  public boolean isCrowded() {
    return full > 0;
  }

  /** Whether the connection to {@code node} carries as much as it should. */
  public boolean isFull(NodeId node, Lane lane) {
    BackendConnection connection = connections.get(new Key(node, passable(node, lane)));
    return connection != null && connection.isFull();
  }

  /** {@code listener} runs when a connection that was full has room again. */
  public void onRoom(Runnable listener) {
    roomListeners.add(listener);
  }

  /** Returns the time that clients wait for room in a connection, in milliseconds. */
  public long queueMillis() {
    return settings.queueTimeout().toMillis();
  }

  /** Whether {@code node} owes an answer. */
  public boolean isBusy(NodeId node) {
    return connections.values().stream()
        .anyMatch(connection -> connection.node().equals(node) && connection.isBusy());
  }

  /**
   * Whether requests of clients can be sent to {@code node}, and are answered, on all connections
   * that were opened for them and that they take now; those that were lost are opened again as soon
   * as their pause is over.
   */
  public boolean reach(NodeId node) {
    boolean all = true;
    for (BackendConnection connection : connections.values()) {
      if (connection.isForClients() && connection.serves(node, passable(node, connection.lane()))) {
        all &= connection.reach();
      }
    }
    return all;
  }

  /** Whether anything has come from any node since the last call. */
  public boolean takeHeard() {
    boolean since = heard;
    heard = false;
    return since;
  }

  /** The nodes that requests of clients wait for, an answer or a connection. */
  public Set<NodeId> awaited() {
    return connections.values().stream()
        .filter(connection -> connection.isForClients() && connection.isAwaited())
        .map(BackendConnection::node)
        .collect(Collectors.toSet());
  }

  @Override
  public void subscribe(NodeId node, String channel, MessageListener listener) {
    subscriptions.add(node, channel, listener);
    send(node, Lane.LISTEN, OwnRequest.reading("SUBSCRIBE", channel), subscriptions);
  }

  @Override
  public void unsubscribe(NodeId node, String channel) {
    if (subscriptions.remove(node, channel) && !runId(node, Lane.LISTEN).isEmpty()) {
      send(node, Lane.LISTEN, OwnRequest.reading("UNSUBSCRIBE", channel), subscriptions);
    }
  }

  @Override
  public String newName() {
    return UUID.randomUUID().toString();
  }

  @Override
  public boolean told(NodeId node, Reply reply) {
    return subscriptions.told(node, reply, loop.faults());
  }

  @Override
  public void onLoss(LossListener listener) {
    lossListeners.add(listener);
  }

  @Override
  public void onArrival(Runnable listener) {
    arrivalListeners.add(listener);
  }

  @Override
  public void arrived() {
    heard = true;
    for (int i = 0; i < arrivalListeners.size(); i++) {
      arrivalListeners.get(i).run();
    }
  }

  @Override
  public void lost(NodeId node, Lane lane, String reason) {
    Leftovers shared = leftovers(node, lane);
    List<RemoteClient> fresh = shared.takeUntold();
    for (BackendConnection other : List.copyOf(connections.values())) {
      if (other.leftovers() == shared) {
        other.end(fresh);
      }
    }
    for (LossListener listener : lossListeners) {
      loop.faults().guard("a listener to losses", () -> listener.lost(node, lane, reason));
    }
  }

  private BackendConnection connection(NodeId node, Lane lane) {
    for (int i = 0; i < recent.size(); i++) {
      BackendConnection connection = recent.get(i);
      if (connection.serves(node, lane)) {
        return connection;
      }
    }
    return lookUp(node, lane);
  }

  private BackendConnection lookUp(NodeId node, Lane lane) {
    BackendConnection found = connections.computeIfAbsent(new Key(node, lane), key -> open(key));
    if (recent.size() >= 8) {
      recent.clear();
    }
    recent.add(found);
    return found;
  }

  private BackendConnection open(Key key) {
    Leftovers shared = leftovers(key.node(), key.lane());
    return new BackendConnection(this, key.node(), key.lane(), shared, means);
  }

  /** Whoever has lost one connection may go on on any other that serves the same purpose. */
  private Leftovers leftovers(NodeId node, Lane lane) {
    return leftovers.computeIfAbsent(new Use(node, lane.purpose()), use -> new Leftovers());
  }

  /** A connection that is not kept here: whoever opens it looks after it. */
  BackendConnection open(BackendConnection.Owner owner, NodeId node, Lane lane) {
    return new BackendConnection(owner, node, lane, new Leftovers(), means);
  }

  /** {@code listener} is told again and again which node owes clients answers and says nothing. */
  public void onSilence(Consumer<NodeId> listener) {
    silenceListeners.add(listener);
  }

  private void watch() {
    // Whoever hears of a failure may need another connection.
    for (BackendConnection connection : List.copyOf(connections.values())) {
      loop.faults().guard("the watch of a connection", () -> watch(connection));
    }
  }

  private void watch(BackendConnection connection) {
    connection.watch();
    if (connection.isDisused()) {
      connections.values().remove(connection);
      recent.remove(connection);
      connection.close("no large request for a while");
    } else if (connection.isForClients() && connection.isSilent()) {
      silenceListeners.forEach(listener -> listener.accept(connection.node()));
    }
  }

  /** Closes every connection; requests in flight end as unknown. */
  public void close() {
    // Whoever hears of a loss may ask for another connection.
    List.copyOf(connections.values())
        .forEach(connection -> connection.close("this proxy is stopping"));
  }
}
