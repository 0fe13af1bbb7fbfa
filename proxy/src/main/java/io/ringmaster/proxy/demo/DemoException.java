package io.ringmaster.proxy.demo;

/** A server or a demo cannot be started or stopped; the message says why and what to do. */
public final class DemoException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** Says why. */
  public DemoException(String message) {
    super(message);
  }

  /** Says why, with what the system reported. */
  public DemoException(String message, Throwable cause) {
    super(message, cause);
  }
}
