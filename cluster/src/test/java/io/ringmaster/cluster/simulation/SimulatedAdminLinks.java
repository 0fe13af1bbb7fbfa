package io.ringmaster.cluster.simulation;

import io.ringmaster.cluster.spi.AdminLink;
import io.ringmaster.cluster.spi.AdminLinks;
import io.ringmaster.cluster.spi.BackendFailure;
import io.ringmaster.cluster.spi.ReplyCallback;
import io.ringmaster.cluster.topology.NodeId;
import io.ringmaster.protocol.Request;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.DoubleSupplier;
import org.jspecify.annotations.Nullable;

/** Connections of a coordinator, each for one task; they begin as the user that is always there. */
final class SimulatedAdminLinks implements AdminLinks {

  private static final int HANDSHAKE = 2;

  private final SimulatedProcess process;
  private final Map<NodeId, SimulatedServer> servers;
  private final long replyTimeout;
  private final DoubleSupplier stalls;

  /**
   * @param replyTimeout microseconds after which a silent connection is given up
   * @param stalls how likely a transaction gets stuck on its way, at the present
   */
  SimulatedAdminLinks(
      SimulatedProcess process,
      Map<NodeId, SimulatedServer> servers,
      long replyTimeout,
      DoubleSupplier stalls) {
    this.process = process;
    this.servers = servers;
    this.replyTimeout = replyTimeout;
    this.stalls = stalls;
  }

  @Override
  public AdminLink open(NodeId node) {
    SimulatedServer server = servers.get(node);
    if (server == null) {
      throw new IllegalArgumentException("no server at " + node);
    }
    return new Link(server);
  }

  private final class Link implements AdminLink {
    private final SimulatedServer server;
    private final ArrayDeque<ReplyCallback> waiting = new ArrayDeque<>();
    private final @Nullable Connection<Words, SimulatedReply> connection;
    private int handshake = HANDSHAKE;
    private final List<Words> unsent = new ArrayList<>();
    private String runId = "";
    private boolean ended;
    private boolean watched;
    private boolean received;

    Link(SimulatedServer server) {
      this.server = server;
      this.connection = server.process().isRunning() ? connect() : null;
      this.ended = connection == null;
    }

    private Connection<Words, SimulatedReply> connect() {
      Connection<Words, SimulatedReply> fresh = server.accept(process);
      fresh.down().receive(this::received, this::close);
      fresh.up().send(Words.reading("HELLO", Users.DEFAULT));
      fresh.up().send(Words.reading("INFO", "server"));
      return fresh;
    }

    @Override
    public void send(Request request, ReplyCallback callback) {
      Connection<Words, SimulatedReply> present = connection;
      if (ended || present == null) {
        callback.onFailure(BackendFailure.NOT_SENT, server.address(), "no connection");
        return;
      }
      waiting.add(callback);
      Words words = Words.of(request);
      if (words.name().equals("MULTI") && process.world().chance(stalls.getAsDouble())) {
        present.up().stall(process.world().between(10_000, 300_000));
      }
      if (handshake > 0) {
        unsent.add(words);
      } else {
        present.up().send(words);
      }
      watch();
    }

    private void received(SimulatedReply reply) {
      received = true;
      if (handshake == 0) {
        waiting.remove().onReply(reply);
        return;
      }
      handshake--;
      Connection<Words, SimulatedReply> present = connection;
      if (handshake == 0 && present != null) {
        runId = reply.text().substring("run_id:".length());
        unsent.forEach(request -> present.up().send(request));
        unsent.clear();
      }
    }

    private void watch() {
      if (!watched) {
        watched = true;
        received = false;
        process.after(replyTimeout, this::look);
      }
    }

    private void look() {
      watched = false;
      if (!waiting.isEmpty() && !received) {
        close();
      } else if (!waiting.isEmpty()) {
        watch();
      }
    }

    @Override
    public String runId() {
      return runId;
    }

    @Override
    public void close() {
      Connection<Words, SimulatedReply> present = connection;
      if (ended || present == null) {
        return;
      }
      ended = true;
      present.closeByClient();
      List<ReplyCallback> failed = List.copyOf(waiting);
      waiting.clear();
      failed.forEach(
          callback ->
              callback.onFailure(
                  BackendFailure.OUTCOME_UNKNOWN, server.address(), "connection lost"));
    }
  }
}
