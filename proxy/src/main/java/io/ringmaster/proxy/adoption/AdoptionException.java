package io.ringmaster.proxy.adoption;

/** Servers cannot be taken over; the message says why, and what is the case now. */
public final class AdoptionException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** Says why. */
  public AdoptionException(String message) {
    super(message);
  }

  /** Says why, with what was found. */
  public AdoptionException(String message, Throwable cause) {
    super(message, cause);
  }
}
