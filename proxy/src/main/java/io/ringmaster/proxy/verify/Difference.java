package io.ringmaster.proxy.verify;

/**
 * A key of which a replica holds something else than its leader.
 *
 * @param database its number
 * @param key its name, each byte as one character
 * @param kind in what they differ
 */
public record Difference(int database, String key, Kind kind) {

  /** In what leader and replica differ. */
  public enum Kind {
    /** The replica lacks it. */
    MISSING,
    /** The leader does not have it. */
    EXTRA,
    /** They hold values of different types. */
    TYPE,
    /** They hold different values. */
    VALUE,
    /** It ends on one of them only, or at another time. */
    TTL
  }
}
