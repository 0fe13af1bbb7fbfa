package io.ringmaster.cluster.simulation;

import java.util.ArrayList;
import java.util.List;

/** {@code MULTI} and {@code EXEC}. */
final class Transactions {

  private Transactions() {}

  static SimulatedReply queue(SimulatedServer server, Session session, Words request) {
    if (server.isLoading() && request.name().equals("REPLICAOF")) {
      session.spoilTransaction();
      return SimulatedReply.LOADING;
    }
    session.queue(request);
    return new SimulatedReply((byte) '+', "QUEUED");
  }

  /** All at once: nothing else comes between. */
  static SimulatedReply execute(SimulatedServer server, Session session) {
    List<Words> queued = session.endTransaction();
    if (queued == null) {
      return SimulatedReply.error("EXECABORT Transaction discarded because of previous errors.");
    }
    List<SimulatedReply> replies = new ArrayList<>();
    for (Words request : queued) {
      SimulatedReply reply = server.execute(session, request);
      server.trace(
          session, "in a transaction:", request, "->", reply == null ? "..." : reply.text());
      replies.add(reply == null ? SimulatedReply.NIL : reply);
    }
    return SimulatedReply.array(replies);
  }
}
