package io.ringmaster.cluster.replication;

import io.ringmaster.cluster.replication.ScriptedBackends.Sent;
import io.ringmaster.cluster.spi.BackendFailure;
import io.ringmaster.cluster.spi.Lane;
import io.ringmaster.cluster.spi.ReplyCallback;
import io.ringmaster.cluster.topology.NodeId;
import io.ringmaster.protocol.OwnRequest;
import io.ringmaster.protocol.Reply;
import java.util.ArrayList;
import java.util.List;

/** A client that writes, and what it has been told. */
final class Writer implements ReplyCallback {

  final List<String> told = new ArrayList<>();
  private final ScriptedBackends servers;

  Writer(ScriptedBackends servers) {
    this.servers = servers;
  }

  /** Writes to the leader of {@code group}: the request as that gets it. */
  Sent write(CommitGroup group, Lane lane) {
    OwnRequest request = OwnRequest.writing("SET", "k", "v");
    ReplyCallback held = group.expect(request, lane, ClientView.UNTRACKED, this);
    servers.send(group.shard().leader().id(), lane, request, held);
    return servers.nextData();
  }

  @Override
  public void onReply(Reply reply) {
    told.add(reply.text());
  }

  @Override
  public void onFailure(BackendFailure failure, NodeId node, String reason) {
    told.add(failure + " " + reason);
  }
}
