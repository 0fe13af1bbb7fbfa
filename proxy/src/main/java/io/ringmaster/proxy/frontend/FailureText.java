package io.ringmaster.proxy.frontend;

import io.ringmaster.cluster.spi.BackendFailure;

/**
 * What a client is told of a request that got no reply. {@code UNCERTAIN} is said only where a
 * change may have been made; {@code UNAVAILABLE} and {@code CLUSTERDOWN} mean that none was made
 * and none will be.
 */
public final class FailureText {

  private FailureText() {}

  /** The error's code and text. */
  public static String of(BackendFailure failure, boolean readOnly, String where, String reason) {
    return switch (failure) {
      case NO_LEADER -> "CLUSTERDOWN " + reason + "; the command was not executed";
      case NOT_SENT -> "UNAVAILABLE " + where + ": " + reason + "; the command was not executed";
      case OUTCOME_UNKNOWN ->
          readOnly
              ? "UNAVAILABLE " + where + ": " + reason + "; no reply, nothing was changed"
              : "UNCERTAIN "
                  + where
                  + ": "
                  + reason
                  + "; the command may have been executed or not";
    };
  }
}
