package io.ringmaster.cluster.simulation;

import io.ringmaster.cluster.simulation.SimulatedBackends.Incarnation;
import io.ringmaster.cluster.spi.BackendFailure;
import io.ringmaster.cluster.spi.Lane;
import io.ringmaster.cluster.spi.ReplyCallback;
import io.ringmaster.cluster.topology.NodeId;
import io.ringmaster.protocol.Reply;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A proxy's connection to one server on one lane, opened when it is needed and again after it was
 * lost. What is sent while it opens waits; before any of that is sent, what is left of the lost
 * connection is killed.
 */
final class SimulatedLane {

  private enum State {
    IDLE,
    CONNECTING,
    READY,
    PAUSED
  }

  private final SimulatedBackends owner;
  private final SimulatedProcess process;
  private final SimulatedServer server;
  private final Lane lane;
  private final boolean fencing;
  private final ArrayDeque<ReplyCallback> waiting = new ArrayDeque<>();
  private final List<Words> unsent = new ArrayList<>();
  private State state = State.IDLE;
  private @Nullable Connection<Words, SimulatedReply> connection;
  private final List<Incarnation> leftovers;
  private List<Incarnation> ending = List.of();
  private long clientId;
  private String runId = "";
  private int handshake;
  private boolean watched;
  private boolean received;

  SimulatedLane(
      SimulatedBackends owner,
      SimulatedProcess process,
      SimulatedServer server,
      Lane lane,
      boolean fencing) {
    this.lane = lane;
    this.owner = owner;
    this.process = process;
    this.server = server;
    this.fencing = fencing;
    this.leftovers = owner.leftovers(server.address(), lane);
  }

  boolean serves(NodeId node, Lane.Purpose purpose) {
    return node().equals(node) && lane.purpose() == purpose;
  }

  boolean isNumbered(int number) {
    return lane.number() == number;
  }

  /** Whether nothing is on its way. */
  boolean isFree() {
    return waiting.isEmpty();
  }

  /** The server is told to end what another connection has left, before anything that comes. */
  void endLeftovers() {
    for (Incarnation lost : List.copyOf(leftovers)) {
      if (state == State.READY && lost.runId().equals(runId)) {
        send(kill(lost), new Ending(lost));
      }
    }
  }

  private static Words kill(Incarnation lost) {
    return Words.reading("CLIENT", "KILL", "ID", "" + lost.clientId());
  }

  private final class Ending implements ReplyCallback {
    private final Incarnation lost;

    Ending(Incarnation lost) {
      this.lost = lost;
    }

    @Override
    public void onReply(Reply reply) {
      leftovers.remove(lost);
    }

    @Override
    public void onFailure(BackendFailure failure, NodeId node, String reason) {}
  }

  String runId() {
    return state == State.READY ? runId : "";
  }

  void send(Words request, ReplyCallback callback) {
    if (state == State.IDLE) {
      connect();
    }
    Connection<Words, SimulatedReply> present = connection;
    if (state == State.PAUSED || present == null) {
      callback.onFailure(BackendFailure.NOT_SENT, node(), "no connection to " + server.process());
      return;
    }
    waiting.add(callback);
    if (state == State.READY) {
      present.up().send(request);
    } else {
      unsent.add(request);
    }
    watch();
  }

  private NodeId node() {
    return server.address();
  }

  private void connect() {
    if (!server.process().isRunning()) {
      fail("connection refused");
      return;
    }
    state = State.CONNECTING;
    Connection<Words, SimulatedReply> fresh = server.accept(process);
    connection = fresh;
    fresh.down().receive(reply -> received(fresh, reply), () -> ended(fresh));
    handshake = 3;
    fresh.up().send(owner.greeting(node(), lane));
    fresh.up().send(Words.reading("CLIENT", "ID"));
    fresh.up().send(Words.reading("INFO", "server"));
    watch();
  }

  private void ended(Connection<Words, SimulatedReply> which) {
    if (which == connection) {
      fail("connection lost");
    }
  }

  private void received(Connection<Words, SimulatedReply> from, SimulatedReply reply) {
    if (from != connection) {
      return;
    }
    received = true;
    owner.arrived();
    if (state == State.CONNECTING) {
      shakeHands(from, reply);
    } else if (reply.type() == '>' && reply.text().equals("message")) {
      owner.told(node(), reply);
    } else {
      waiting.remove().onReply(reply);
    }
  }

  private void shakeHands(Connection<Words, SimulatedReply> from, SimulatedReply reply) {
    handshake--;
    switch (handshake) {
      case 2 -> {
        if (reply.isError()) {
          fail("it refused the connection: " + reply.text());
        }
      }
      case 1 -> clientId = Long.parseLong(reply.text());
      case 0 -> {
        runId = reply.text();
        ending = leftovers.stream().filter(lost -> lost.runId().equals(runId)).toList();
        if (fencing && !ending.isEmpty()) {
          ending.forEach(lost -> from.up().send(kill(lost)));
        } else {
          ready(from);
        }
      }
      default -> {
        if (handshake == -ending.size()) {
          ready(from);
        }
      }
    }
  }

  private void ready(Connection<Words, SimulatedReply> from) {
    state = State.READY;
    leftovers.removeIf(lost -> ending.contains(lost) || !lost.runId().equals(runId));
    unsent.forEach(request -> from.up().send(request));
    unsent.clear();
  }

  private void watch() {
    if (!watched) {
      watched = true;
      received = false;
      Connection<Words, SimulatedReply> present = connection;
      process.after(owner.replyTimeout(), () -> look(present));
    }
  }

  private void look(@Nullable Connection<Words, SimulatedReply> expected) {
    watched = false;
    boolean expects = !waiting.isEmpty() || state == State.CONNECTING;
    if (expects && expected == connection && !received) {
      fail("no reply");
    } else if (expects) {
      watch();
    }
  }

  void close(String reason) {
    if (connection != null) {
      fail(reason);
    }
  }

  private void fail(String reason) {
    boolean wasReady = state == State.READY;
    if (wasReady && !waiting.isEmpty()) {
      leftovers.add(new Incarnation(runId, clientId));
    }
    state = State.PAUSED;
    process.after(
        process.world().between(500, 20_000),
        () -> {
          if (state == State.PAUSED) {
            state = State.IDLE;
          }
        });
    Connection<Words, SimulatedReply> present = connection;
    connection = null;
    if (present != null) {
      present.closeByClient();
    }
    List<ReplyCallback> failed = List.copyOf(waiting);
    waiting.clear();
    unsent.clear();
    if (wasReady) {
      owner.lost(node(), lane, reason);
    }
    BackendFailure failure = wasReady ? BackendFailure.OUTCOME_UNKNOWN : BackendFailure.NOT_SENT;
    failed.forEach(callback -> callback.onFailure(failure, node(), reason));
  }
}
