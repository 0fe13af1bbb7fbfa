package io.ringmaster.cluster.simulation;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A client's connection as its server sees it. */
final class Session {

  /** A {@code WAIT} that has not ended. */
  record Wait(long offset, int wanted) {}

  private final long id;
  private final Connection<Words, SimulatedReply> connection;
  private final ArrayDeque<Words> unread = new ArrayDeque<>();
  private String user = "default";
  private final Set<String> channels = new HashSet<>();
  private long place;
  private @Nullable Wait wait;
  private boolean closed;
  private @Nullable List<Words> transaction;
  private boolean spoiled;

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

  /** {@code SUBSCRIBE} and {@code UNSUBSCRIBE}. */
  Set<String> channels() {
    return channels;
  }

  /** Offset of the stream behind the last command of this connection that counts. */
  long place() {
    return place;
  }

  void executed(long offset) {
    place = offset;
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

  /** {@code MULTI}. */
  void beginTransaction() {
    transaction = new ArrayList<>();
    spoiled = false;
  }

  boolean isInTransaction() {
    return transaction != null;
  }

  void queue(Words request) {
    List<Words> present = transaction;
    if (present != null) {
      present.add(request);
    }
  }

  /** One of its commands was refused at once. */
  void spoilTransaction() {
    spoiled = true;
  }

  /** What is to be executed; null if there is nothing or not all of it may be. */
  @Nullable List<Words> endTransaction() {
    List<Words> present = transaction;
    transaction = null;
    return spoiled ? null : present;
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
