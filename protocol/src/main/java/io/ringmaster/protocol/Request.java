package io.ringmaster.protocol;

/**
 * One request as it came from a client. A view: valid only during the call that it is passed to,
 * unless {@link #detached()} made a copy.
 */
public interface Request extends Arguments {

  /** Whether the command can change nothing. */
  boolean isReadOnly();

  /** A copy that stays valid. */
  Request detached();
}
