package io.ringmaster.proxy.local;

/** Knows who may use the proxy. */
public interface Authenticator {

  /** Whether a client must authenticate at all. */
  boolean isNeeded();

  /**
   * Whether {@code password} is one of {@code user}'s. Takes the same time for every user, known or
   * not.
   */
  boolean accepts(String user, byte[] password);
}
