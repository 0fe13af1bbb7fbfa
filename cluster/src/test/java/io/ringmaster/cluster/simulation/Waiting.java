package io.ringmaster.cluster.simulation;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The connections blocked in {@code WAIT}. It answers for what the server had behind the last
 * command of its own connection, by offset: at once where there was none, and wrongly where the
 * history has changed since.
 */
final class Waiting {

  private final SimulatedServer server;
  private final List<Session> blocked = new ArrayList<>();

  Waiting(SimulatedServer server) {
    this.server = server;
  }

  /** The answer, or null if it has to be waited for. */
  @Nullable SimulatedReply begin(Session session, Words request) {
    if (server.following() != null) {
      return SimulatedReply.error("ERR WAIT cannot be used with replica instances.");
    }
    int wanted = Integer.parseInt(request.word(1));
    int present = server.followers().countAt(session.place());
    if (present >= wanted) {
      return SimulatedReply.number(present);
    }
    Session.Wait wait = new Session.Wait(session.place(), wanted);
    session.block(wait);
    blocked.add(session);
    server.askOffsets();
    long timeout = Long.parseLong(request.word(2)) * 1000;
    server.process().after(timeout, () -> timeOut(session, wait));
    return null;
  }

  @SuppressWarnings("ReferenceEquality") // this very wait, not one like it
  private void timeOut(Session session, Session.Wait wait) {
    if (session.waiting() == wait) {
      answer(session, server.followers().countAt(wait.offset()));
    }
  }

  /** Looks whether some have waited enough. */
  void check() {
    if (blocked.isEmpty()) {
      return;
    }
    for (Session session : List.copyOf(blocked)) {
      Session.Wait wait = session.waiting();
      int present = wait == null ? 0 : server.followers().countAt(wait.offset());
      if (wait != null && present >= wait.wanted()) {
        answer(session, present);
      }
    }
  }

  private void answer(Session session, int count) {
    session.unblock();
    blocked.remove(session);
    server.trace(session, "WAIT ->", count);
    session.reply(SimulatedReply.number(count));
    server.serve(session);
  }

  /** The server has become a replica: those blocked are told so, and closed. */
  void interrupt(Map<Long, Session> sessions) {
    for (Session session : List.copyOf(blocked)) {
      session.reply(SimulatedReply.error("UNBLOCKED force unblock from blocking operation"));
      sessions.remove(session.id());
      session.close();
    }
    blocked.clear();
  }

  void remove(Session session) {
    session.unblock();
    blocked.remove(session);
  }

  void clear() {
    blocked.clear();
  }
}
