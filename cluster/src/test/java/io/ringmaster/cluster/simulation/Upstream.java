package io.ringmaster.cluster.simulation;

import io.ringmaster.cluster.simulation.ReplicationMessage.Acknowledge;
import io.ringmaster.cluster.simulation.ReplicationMessage.Continue;
import io.ringmaster.cluster.simulation.ReplicationMessage.Down;
import io.ringmaster.cluster.simulation.ReplicationMessage.FullCopy;
import io.ringmaster.cluster.simulation.ReplicationMessage.Refuse;
import io.ringmaster.cluster.simulation.ReplicationMessage.Stream;
import io.ringmaster.cluster.simulation.ReplicationMessage.Synchronize;
import io.ringmaster.cluster.simulation.ReplicationMessage.Up;
import io.ringmaster.cluster.topology.NodeId;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A replica's connection to the server that it follows, opened again whenever it is lost. */
final class Upstream {

  private static final long ACKNOWLEDGE_EVERY = 40_000;

  private final SimulatedServer server;
  private final NodeId leader;
  private @Nullable Connection<Up, Down> connection;
  private final List<Effect> early = new ArrayList<>();
  private boolean stopped;
  private boolean up;
  private boolean loading;

  Upstream(SimulatedServer server, NodeId leader) {
    this.server = server;
    this.leader = leader;
  }

  NodeId leader() {
    return leader;
  }

  boolean isUp() {
    return up;
  }

  boolean isLoading() {
    return loading;
  }

  /** As in {@code INFO replication}. */
  String information() {
    return "master_host:"
        + leader.host()
        + "\r\nmaster_port:"
        + leader.port()
        + "\r\nmaster_link_status:"
        + (up ? "up" : "down")
        + "\r\nslave_repl_offset:"
        + server.history().offset()
        + "\r\n";
  }

  void start() {
    connectSoon(server.process().world().between(100, 2_000));
    server.process().after(ACKNOWLEDGE_EVERY, this::acknowledgeAgain);
  }

  void stop() {
    stopped = true;
    up = false;
    disconnect();
  }

  private void connectSoon(long delayMicros) {
    server.process().after(delayMicros, this::connect);
  }

  private void connect() {
    SimulatedServer target = server.peer(leader);
    if (stopped || loading || target == null) {
      return;
    }
    if (!target.process().isRunning()) {
      connectSoon(20_000);
      return;
    }
    Connection<Up, Down> fresh = server.network().connect(server.process(), target.process());
    fresh.down().slowDown(server.network().replicationLag());
    target.followers().accept(fresh);
    fresh.down().receive(message -> received(fresh, message), () -> lost(fresh));
    connection = fresh;
    ReplicationHistory history = server.history();
    String user = server.admin().setting("masteruser");
    String password = server.admin().setting("masterauth");
    fresh
        .up()
        .send(new Synchronize(server.address(), user, password, history.id(), history.offset()));
  }

  private void lost(Connection<Up, Down> which) {
    if (which == connection) {
      up = false;
      disconnect();
      if (!stopped) {
        connectSoon(server.process().world().between(1_000, 20_000));
      }
    }
  }

  private void disconnect() {
    Connection<Up, Down> present = connection;
    connection = null;
    if (present != null) {
      present.closeByClient();
    }
  }

  private void received(Connection<Up, Down> from, Down message) {
    if (from != connection) {
      return;
    }
    switch (message) {
      case Refuse refuse -> lost(from);
      case Continue agreed -> {
        server.renameHistory(agreed.history());
        up = true;
      }
      case FullCopy copy -> load(copy);
      case Stream stream -> apply(stream.effect());
    }
  }

  /** First the old data goes, then, after a while, the new data is there. */
  private void load(FullCopy copy) {
    loading = true;
    early.clear();
    server.empty();
    server.process().after(server.process().world().between(1_000, 20_000), () -> loaded(copy));
  }

  private void loaded(FullCopy copy) {
    loading = false;
    server.replace(copy);
    early.forEach(server::follow);
    early.clear();
    if (connection == null) {
      connectSoon(1_000);
      return;
    }
    up = true;
    acknowledge();
  }

  private void apply(Effect effect) {
    if (loading) {
      early.add(effect);
      return;
    }
    if (effect instanceof Effect.AskOffset) {
      acknowledge();
    }
    server.follow(effect);
  }

  private void acknowledge() {
    Connection<Up, Down> present = connection;
    if (present != null && up) {
      present.up().send(new Acknowledge(server.history().offset()));
    }
  }

  private void acknowledgeAgain() {
    if (!stopped) {
      acknowledge();
      server.process().after(ACKNOWLEDGE_EVERY, this::acknowledgeAgain);
    }
  }
}
