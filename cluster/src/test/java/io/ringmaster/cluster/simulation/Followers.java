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

/**
 * The replicas attached to a server. What counts is the link: one that is dead counts until the
 * server notices, even if its replica has come back on another.
 */
final class Followers {

  private static final long SILENCE = 2_000_000;

  private static final class Link {
    private final Connection<Up, Down> connection;
    private final NodeId replica;
    private final String user;
    private boolean online;
    private long acknowledged;
    private long heardAt;

    Link(Connection<Up, Down> connection, NodeId replica, String user, boolean online) {
      this.connection = connection;
      this.replica = replica;
      this.user = user;
      this.online = online;
    }
  }

  private final SimulatedServer server;
  private final List<Link> links = new ArrayList<>();

  Followers(SimulatedServer server) {
    this.server = server;
  }

  void accept(Connection<Up, Down> connection) {
    connection
        .up()
        .receive(
            message -> {
              switch (message) {
                case Synchronize wanted -> synchronize(connection, wanted);
                case Acknowledge done -> acknowledge(connection, done.offset());
              }
            },
            () -> {
              links.removeIf(link -> link.connection == connection);
              connection.closeByServer();
            });
  }

  private void synchronize(Connection<Up, Down> connection, Synchronize wanted) {
    String user = wanted.user().isEmpty() ? Users.DEFAULT : wanted.user();
    boolean admitted = server.admin().users().mayReplicate(user, wanted.password());
    if (!admitted || !server.mayBeCopied()) {
      connection.down().send(new Refuse());
      connection.closeByServer();
      return;
    }
    ReplicationHistory history = server.history();
    boolean partial = history.canContinue(wanted.history(), wanted.offset());
    server.trace("gives", wanted.replica(), partial ? "a partial copy" : "a full copy");
    if (partial) {
      connection.down().send(new Continue(history.id()));
      history.after(wanted.offset()).forEach(effect -> connection.down().send(new Stream(effect)));
    } else {
      server.keepHistory();
      connection
          .down()
          .send(new FullCopy(history.id(), history.offset(), server.database().copy()));
    }
    Link link = new Link(connection, wanted.replica(), user, partial);
    links.add(link);
    link.heardAt = server.process().world().now();
    server.process().after(SILENCE, () -> endIfSilent(link));
  }

  private void endIfSilent(Link link) {
    if (!links.contains(link)) {
      return;
    }
    long silent = server.process().world().now() - link.heardAt;
    if (silent < SILENCE) {
      server.process().after(SILENCE - silent, () -> endIfSilent(link));
    } else {
      links.remove(link);
      link.connection.closeByServer();
    }
  }

  private void acknowledge(Connection<Up, Down> connection, long offset) {
    for (Link link : links) {
      if (link.connection == connection) {
        link.online = true;
        link.heardAt = server.process().world().now();
        link.acknowledged = Math.max(link.acknowledged, offset);
      }
    }
    server.acknowledged();
  }

  void stream(Effect effect) {
    if (!links.isEmpty()) {
      Stream message = new Stream(effect);
      for (Link link : links) {
        link.connection.down().send(message);
      }
    }
  }

  int countAt(long offset) {
    int count = 0;
    for (Link link : links) {
      if (link.online && link.acknowledged >= offset) {
        count++;
      }
    }
    return count;
  }

  /** Ends the links of {@code user}. */
  void disconnect(String user) {
    for (Link link : List.copyOf(links)) {
      if (link.user.equals(user)) {
        links.remove(link);
        link.connection.closeByServer();
      }
    }
  }

  void disconnect() {
    links.forEach(link -> link.connection.closeByServer());
    links.clear();
  }

  /** The server has died, and its sockets with it. */
  void forget() {
    links.clear();
  }

  /** As in {@code INFO replication}. */
  String information() {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < links.size(); i++) {
      Link link = links.get(i);
      text.append("slave").append(i);
      text.append(":ip=").append(link.replica.host());
      text.append(",port=").append(link.replica.port());
      text.append(",state=").append(link.online ? "online" : "send_bulk");
      text.append(",offset=").append(link.acknowledged).append(",lag=0\r\n");
    }
    return text.toString();
  }
}
