package io.ringmaster.proxy.metadata;

import java.io.Serial;

/** The config group could not do what it was asked; the message says why, in plain words. */
public final class GroupException extends RuntimeException {

  @Serial private static final long serialVersionUID = 1L;

  /** The reason of whatever ends because this coordinator does. */
  public static final String STOPPING = "this coordinator is stopping";

  public GroupException(String reason) {
    super(reason);
  }

  public GroupException(String reason, Throwable cause) {
    super(reason, cause);
  }

  /** In plain words. */
  public String reason() {
    return "" + getMessage();
  }
}
