package io.ringmaster.cluster.simulation;

import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/** A client's connection as its server sees it. */
final class Session {

  /** A {@code WAIT} that has not ended. */
  record Wait(long offset, int wanted) {}

  private final long id;
  private final Connection<Words, SimulatedReply> connection;
  private final ArrayDeque<Words> unread = new ArrayDeque<>();
  private String user = "default";
  private long lastWrite;
  private @Nullable Wait wait;
  private boolean closed;

  Session(long id, Connection<Words, SimulatedReply> connection) {
    this.id = id;
    this.connection = connection;
  }

  long id() {
    return id;
  }

  String user() {
    return user;
  }

  void logIn(String newUser) {
    user = newUser;
  }

  /** Offset of the stream behind the last write of this connection. */
  long lastWrite() {
    return lastWrite;
  }

  void wrote(long offset) {
    lastWrite = offset;
  }

  @Nullable Wait waiting() {
    return wait;
  }

  void block(Wait newWait) {
    wait = newWait;
  }

  void unblock() {
    wait = null;
  }

  ArrayDeque<Words> unread() {
    return unread;
  }

  void reply(SimulatedReply reply) {
    connection.down().send(reply);
  }

  boolean isClosed() {
    return closed;
  }

  void close() {
    closed = true;
    unread.clear();
    connection.closeByServer();
  }

  @Override
  public String toString() {
    return connection + " #" + id;
  }
}
