package io.ringmaster.cluster.spi;

import io.ringmaster.protocol.ProtocolVersion;

/**
 * Which of the connections to a server a request takes.
 *
 * @param database number of the database, from 0
 * @param version version of the replies
 * @param purpose what it is used for; a connection serves one purpose only
 * @param number of those that differ in nothing else, which: 0 is shared by all; those above are
 *     lent to one large request at a time; those below are shared instead of another on which a
 *     large reply is on its way
 */
public record Lane(int database, ProtocolVersion version, Purpose purpose, int number) {

  /** The purpose of a connection. */
  public enum Purpose {
    /** Requests of clients. */
    DATA,
    /** Proofs that what was written is held by several nodes; it may block for a moment. */
    BARRIER,
    /** Waits for replicas that clients ask for themselves, as such a wait may block for longer. */
    WAIT,
    /** Messages that servers send by themselves. */
    LISTEN,
    /** Changes of what the server is. */
    ADMIN
  }

  /** The barriers of an event loop. */
  public static final Lane BARRIER = new Lane(0, ProtocolVersion.RESP2, Purpose.BARRIER);

  /** The lane on which clients wait with {@code WAIT}. */
  public static final Lane WAIT = new Lane(0, ProtocolVersion.RESP2, Purpose.WAIT);

  /** Subscriptions; what they bring is no reply. */
  public static final Lane LISTEN = new Lane(0, ProtocolVersion.RESP3, Purpose.LISTEN);

  /** The lane of one administrator's task. */
  public static final Lane ADMIN = new Lane(0, ProtocolVersion.RESP2, Purpose.ADMIN);

  /** A lane that is shared. */
  public Lane(int database, ProtocolVersion version, Purpose purpose) {
    this(database, version, purpose, 0);
  }

  /** Whether it is lent to one large request at a time. */
  public boolean isLent() {
    return number > 0;
  }

  /** The one that differs in its number alone. */
  public Lane numbered(int wanted) {
    return new Lane(database, version, purpose, wanted);
  }

  /** The one that all share where nothing is in the way. */
  public Lane shared() {
    return number == 0 ? this : numbered(0);
  }

  /** Whether they differ in their numbers at most. */
  public boolean isLike(Lane other) {
    return database == other.database && version == other.version && purpose == other.purpose;
  }

  /** A lane for requests of clients. */
  public static Lane data(int database, ProtocolVersion version) {
    return new Lane(database, version, Purpose.DATA);
  }
}
