package io.ringmaster.proxy.verify;

/**
 * A key of which a replica holds something else than its leader.
 *
 * @param database its number
 * @param key its name, each byte as one character
 * @param kind in what they differ
 */
public record Difference(int database, String key, Kind kind) {

  /** The kinds of difference between leader and replica. */
  public enum Kind {
    /** The replica lacks it. */
    MISSING,
    /** The leader does not have it. */
    EXTRA,
    /** The values are of different types. */
    TYPE,
    /** The values differ. */
    VALUE,
    /** The value ends on one of them only, or at another time. */
    TTL
  }
}
