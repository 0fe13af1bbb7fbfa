package io.ringmaster.cluster.simulation.check;

/**
 * One request of a client and what became of it.
 *
 * @param session requests of one session follow each other
 * @param value what was written, or what was answered; empty for nil
 * @param called when the client sent it
 * @param returned when the client got its answer, also that it is uncertain
 * @param epoch epoch of the shard in which it was passed on
 */
public record Operation(
    int session,
    Kind kind,
    String key,
    String value,
    Fate fate,
    long called,
    long returned,
    long epoch) {

  /** What it does to its key. */
  public enum Kind {
    SET,
    GET,
    INCREMENT,
    DELETE,
    /** Sets what does not exist yet; its value is empty where something did. */
    CREATE
  }

  /** What the client knows of it. */
  public enum Fate {
    DONE,
    NOT_DONE,
    UNCERTAIN
  }

  /** Whether it can have had no effect, and tells nothing. */
  boolean isVoid() {
    return fate == Fate.NOT_DONE || (fate == Fate.UNCERTAIN && kind == Kind.GET);
  }

  /** When it had its effect at the latest: an uncertain one may have it at any time. */
  long end() {
    return fate == Fate.UNCERTAIN ? Long.MAX_VALUE : returned;
  }

  @Override
  public String toString() {
    return "%s %s '%s' %s [%.3f, %.3f] session %d epoch %d"
        .formatted(kind, key, value, fate, called / 1000.0, returned / 1000.0, session, epoch);
  }
}
