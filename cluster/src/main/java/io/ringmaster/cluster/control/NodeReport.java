package io.ringmaster.cluster.control;

import io.ringmaster.cluster.topology.NodeId;
import io.ringmaster.protocol.InfoFields;
import io.ringmaster.protocol.OwnRequest;
import io.ringmaster.protocol.Reply;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What a server says of itself.
 *
 * @param incarnation the incarnation of the server that answered
 * @param fields of {@code INFO replication} and {@code INFO persistence}
 */
record NodeReport(String incarnation, Map<String, String> fields) {

  /** Returns the questions that it takes. */
  static final List<OwnRequest> QUESTIONS =
      List.of(OwnRequest.reading("INFO", "replication"), OwnRequest.reading("INFO", "persistence"));

  /** An address at which nobody listens. */
  static final NodeId NOBODY = new NodeId("127.0.0.1", 1);

  static NodeReport of(String incarnation, List<Reply> replies) {
    Map<String, String> fields = new HashMap<>();
    replies.forEach(reply -> fields.putAll(InfoFields.parse(reply.text())));
    return new NodeReport(incarnation, fields);
  }

  boolean isReplica() {
    return field("role").equals("slave");
  }

  boolean isLoading() {
    return field("loading").equals("1");
  }

  /** Whether what {@code leader} executes comes to it; something may be on its way. */
  boolean isLinkedTo(NodeId leader) {
    return follows(leader) && field("master_link_status").equals("up");
  }

  /** Whether its append-only file has all that it has; it has not while it is begun anew. */
  boolean isWholeOnDisk() {
    return appends()
        && field("aof_last_bgrewrite_status").equals("ok")
        && field("aof_rewrite_in_progress").equals("0")
        && field("aof_rewrite_scheduled").equals("0");
  }

  /** Whether it writes such a file. */
  boolean appends() {
    return field("aof_enabled").equals("1") && field("aof_last_write_status").equals("ok");
  }

  /** Whether it gives a replica all that it has, or is about to: that one lacks everything. */
  boolean isCopying() {
    // Only the lines of replicas, as slave0:ip=h,port=1,state=wait_bgsave,offset=0,lag=0, say this.
    return fields.values().stream()
        .anyMatch(value -> value.contains(",state=") && !value.contains(",state=online"));
  }

  /** Whether it is a replica of an address at which there may be a server. */
  boolean followsSomebody() {
    return isReplica() && !follows(NOBODY);
  }

  boolean follows(NodeId leader) {
    return isReplica()
        && field("master_host").equals(leader.host())
        && field("master_port").equals("" + leader.port());
  }

  /** Name of the history that it is in; places in different ones cannot be compared. */
  String history() {
    return field("master_replid");
  }

  /** Its place in that history, in bytes. */
  long offset() {
    String offset = field(isReplica() ? "slave_repl_offset" : "master_repl_offset");
    return offset.isEmpty() ? 0 : Long.parseLong(offset);
  }

  private String field(String name) {
    return fields.getOrDefault(name, "");
  }
}
