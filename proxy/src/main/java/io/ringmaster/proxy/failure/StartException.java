package io.ringmaster.proxy.failure;

import java.io.Serial;

/** Something could not be started; the message says what and why, for an operator. */
public final class StartException extends RuntimeException {

  @Serial private static final long serialVersionUID = 1L;

  /** {@code cause} is for a debugger, not for the operator. */
  public StartException(String message, Throwable cause) {
    super(message, cause);
  }
}
