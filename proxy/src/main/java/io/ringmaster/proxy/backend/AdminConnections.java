package io.ringmaster.proxy.backend;

import io.ringmaster.cluster.spi.AdminLink;
import io.ringmaster.cluster.spi.AdminLinks;
import io.ringmaster.cluster.spi.BackendFailure;
import io.ringmaster.cluster.spi.Lane;
import io.ringmaster.cluster.spi.ReplyCallback;
import io.ringmaster.cluster.topology.NodeId;
import io.ringmaster.protocol.Reply;
import io.ringmaster.protocol.Request;
import io.ringmaster.proxy.loop.DataLoop;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** Connections for administrators, each for one purpose. Belongs to one event loop. */
public final class AdminConnections implements AdminLinks {

  private final BackendPool pool;
  private final Set<Link> open = new LinkedHashSet<>();

  /** {@code pool} says how they are opened, on {@code loop}. */
  public AdminConnections(DataLoop loop, BackendPool pool) {
    this.pool = pool;
    loop.every(
        BackendPool.TICK_MILLIS,
        () -> List.copyOf(open).forEach(link -> loop.faults().guard("a watch", link::watch)));
  }

  @Override
  public AdminLink open(NodeId node) {
    Link link = new Link(node);
    open.add(link);
    return link;
  }

  /** Closes all of them. */
  public void close() {
    List.copyOf(open).forEach(Link::close);
  }

  private final class Link implements AdminLink, BackendConnection.Owner {

    private final NodeId node;
    private final BackendConnection connection;
    private boolean ended;

    Link(NodeId node) {
      this.node = node;
      this.connection = pool.open(this, node, Lane.ADMIN);
    }

    @Override
    public void arrived() {}

    @Override
    public void crowded(boolean nowFull) {}

    @Override
    public void obstructed(NodeId to, Lane lane) {}

    @Override
    public boolean told(NodeId from, Reply reply) {
      return false;
    }

    @Override
    public void lost(NodeId lost, Lane lane, String reason) {
      close();
    }

    @Override
    public void send(Request request, ReplyCallback callback) {
      // What is opened again has not logged in, and may lead to another run of the server.
      if (ended) {
        callback.onFailure(BackendFailure.NOT_SENT, node, "the connection is closed");
        return;
      }
      connection.send(request, callback);
    }

    @Override
    public String runId() {
      return connection.runId();
    }

    void watch() {
      connection.watch();
    }

    @Override
    public void close() {
      ended = true;
      open.remove(this);
      connection.close("its task is done");
    }
  }
}
