package io.ringmaster.proxy.verify;

import io.ringmaster.proxy.verify.Difference.Kind;
import java.util.Optional;

/**
 * The features of the value that a server holds under a key.
 *
 * @param now the server's clock when it was looked at, in milliseconds
 * @param type of the value; {@code none} if there is no key
 * @param deadline when it expires by the server's clock; -1 if never
 * @param elements how many; of a text, bytes
 * @param bytes of memory, roughly
 * @param digest of the content, whatever its order and encoding; empty if that is too much at once
 */
record Fingerprint(long now, String type, long deadline, long elements, long bytes, String digest) {

  private static final String NOTHING = "none";

  /** Servers read their clocks more than once while they look at a key. */
  private static final long TOLERANCE_MILLIS = 1000;

  /**
   * Returns the way in which {@code replica} differs; empty if it does not, as far as can be seen.
   */
  static Optional<Kind> difference(Fingerprint leader, Fingerprint replica) {
    if (!leader.exists() || !replica.exists()) {
      return absence(leader, replica);
    }
    if (!leader.type.equals(replica.type)) {
      return Optional.of(Kind.TYPE);
    }
    if (leader.elements != replica.elements || leader.hasOtherDigestThan(replica)) {
      return Optional.of(Kind.VALUE);
    }
    boolean endsTogether =
        leader.deadline < 0 == replica.deadline < 0
            && Math.abs(leader.deadline - replica.deadline) <= TOLERANCE_MILLIS;
    return endsTogether ? Optional.empty() : Optional.of(Kind.TTL);
  }

  private static Optional<Kind> absence(Fingerprint leader, Fingerprint replica) {
    if (leader.exists() && !leader.hasEndedBy(replica.now)) {
      return Optional.of(Kind.MISSING);
    }
    return replica.exists() && !replica.hasEndedBy(leader.now)
        ? Optional.of(Kind.EXTRA)
        : Optional.empty();
  }

  boolean exists() {
    return !type.equals(NOTHING);
  }

  /** Whether the content has to be looked at piece by piece. */
  boolean isLarge() {
    return exists() && digest.isEmpty();
  }

  private boolean hasOtherDigestThan(Fingerprint other) {
    return !isLarge() && !other.isLarge() && !digest.equals(other.digest);
  }

  private boolean hasEndedBy(long clock) {
    return deadline >= 0 && deadline <= clock + TOLERANCE_MILLIS;
  }
}
