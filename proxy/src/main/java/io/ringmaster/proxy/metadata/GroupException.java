package io.ringmaster.proxy.metadata.ratis;

import java.io.Serial;

/** The config group could not do what it was asked; the message says why, in plain words. */
public final class GroupException extends RuntimeException {

  @Serial private static final long serialVersionUID = 1L;

  static final String STOPPING = "this coordinator is stopping";

  GroupException(String reason) {
    super(reason);
  }

  GroupException(String reason, Throwable cause) {
    super(reason, cause);
  }

  /** In plain words. */
  public String reason() {
    return "" + getMessage();
  }
}
