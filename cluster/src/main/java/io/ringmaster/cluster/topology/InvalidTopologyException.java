package io.ringmaster.cluster.topology;

import java.io.Serial;

/** A topology, or a change to one, that must not be; the message says why, for the operator. */
public final class InvalidTopologyException extends IllegalArgumentException {

  @Serial private static final long serialVersionUID = 1L;

  public InvalidTopologyException(String message) {
    super(message);
  }

  static void require(boolean condition, String message) {
    if (!condition) {
      throw new InvalidTopologyException(message);
    }
  }
}
