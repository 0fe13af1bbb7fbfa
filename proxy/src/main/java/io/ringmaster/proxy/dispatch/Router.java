package io.ringmaster.proxy.dispatch;

import io.ringmaster.cluster.replication.ClientView;
import io.ringmaster.cluster.replication.Policies;
import io.ringmaster.cluster.replication.ReplicationPolicy;
import io.ringmaster.cluster.spi.BackendFailure;
import io.ringmaster.cluster.spi.Backends;
import io.ringmaster.cluster.spi.Lane;
import io.ringmaster.cluster.spi.ReplyCallback;
import io.ringmaster.cluster.topology.Consistency;
import io.ringmaster.cluster.topology.Keyspace;
import io.ringmaster.cluster.topology.NodeId;
import io.ringmaster.cluster.topology.Shard;
import io.ringmaster.cluster.topology.Topology;
import io.ringmaster.protocol.Reply;
import io.ringmaster.protocol.Request;
import io.ringmaster.protocol.codec.RequestFrame;
import io.ringmaster.protocol.command.CommandSpec;
import io.ringmaster.proxy.backend.BackendPool;
import io.ringmaster.proxy.frontend.ClientConnection;
import io.ringmaster.proxy.frontend.Session;
import io.ringmaster.proxy.loop.DataLoop;
import java.util.function.Supplier;

/** Finds the shards of a request and sends it there. One for each event loop. */
public final class Router {

  private final Supplier<Topology> topology;
  private final Policies policies;
  private final BackendPool backends;
  private final long largeFrom;
  private final Route route;

  /** {@code backends} is what each of {@code policies} sends with. */
  public Router(
      Supplier<Topology> topology, Policies policies, BackendPool backends, DataLoop loop) {
    this.topology = topology;
    this.policies = policies;
    this.backends = backends;
    this.largeFrom = backends.largeFrom();
    this.route = new Route(loop, topology.get());
  }

  public Topology topology() {
    return topology.get();
  }

  /** Finds where a request goes. What is returned is valid until the next one is asked for. */
  Route route(ClientConnection client, CommandSpec command, RequestFrame request) {
    route.find(topology.get(), client.session(), command, request);
    return route;
  }

  /** Whether a request of so many bytes travels on a connection of its own. */
  boolean isLarge(long bytes) {
    return bytes >= largeFrom;
  }

  /**
   * Whether what {@code client} sends now takes the connections that all it has in flight has
   * taken, so that their order is kept.
   */
  boolean keepsOrder(ClientConnection client) {
    Session session = client.session();
    int turns = backends.turns();
    if (client.inFlight() == 0) {
      session.turns(turns);
      session.readsElsewhere(false);
    }
    return session.turns() == turns;
  }

  /** The lane that small requests of {@code client} to the leader of {@code shard} take now. */
  Lane lane(ClientConnection client, Shard shard) {
    return backends.passable(shard.leader().id(), client.session().preferences().lane());
  }

  /** Sends at these levels, as the policy of {@code keyspace} does. */
  void send(
      ClientConnection client,
      Request request,
      Shard shard,
      Keyspace keyspace,
      Consistency levels,
      ReplyCallback callback) {
    Session session = client.session();
    Lane lane = session.preferences().lane();
    // Only what the client itself has sent is alone, so that no order is lost.
    if (request instanceof RequestFrame frame
        && isLarge(frame.frameLength())
        && isLarge(client.oldestRequestBytes())) {
      lane = backends.lend(shard.leader().id(), lane);
    }
    ReplicationPolicy policy = policies.of(keyspace);
    boolean stale = levels.read().mayBeStale();
    if (request.isReadOnly()) {
      if (stale) {
        session.readsElsewhere(true);
      }
      policy.read(request, shard, lane, levels.read(), view(session, stale), callback);
    } else {
      Topology current = topology.get();
      session.wroteUnder(current.epoch());
      // It may concern keys, or keyspaces, of which this level says nothing.
      ClientView view = view(session, stale || current.hasStaleReads());
      policy.write(request, shard, lane, levels.write(), view, callback);
    }
  }

  private static ClientView view(Session session, boolean tracked) {
    return tracked ? session.view() : ClientView.UNTRACKED;
  }

  /**
   * The run of its server in which the leader of {@code shard} answers the client; asked while an
   * answer is handled. Empty without a connection.
   */
  String runOfLeader(ClientConnection client, Shard shard) {
    return backends.runId(shard.leader().id(), lane(client, shard));
  }

  /** Sends to {@code replica} what concerns the server itself; nobody waits for its answer. */
  void tell(ClientConnection client, Request request, NodeId replica) {
    backends.send(replica, client.session().preferences().lane(), request, Unheard.ANSWER);
  }

  private enum Unheard implements ReplyCallback {
    ANSWER;

    @Override
    public void onReply(Reply reply) {}

    @Override
    public void onFailure(BackendFailure failure, NodeId node, String reason) {}
  }

  /** {@code listener} is told of each connection that is lost, before the requests on it are. */
  void onLoss(Backends.LossListener listener) {
    backends.onLoss(listener);
  }

  /** Sends a request without keys, at the levels of the default keyspace. */
  public void send(ClientConnection client, Request request, Shard shard, ReplyCallback callback) {
    Keyspace keyspace = topology.get().defaultKeyspace();
    Consistency levels = client.session().preferences().consistency(keyspace.consistency());
    send(client, request, shard, keyspace, levels, callback);
  }
}
