package io.ringmaster.proxy.config;

/**
 * A password that never shows itself in a log or a message.
 *
 * @param text the password; empty means that there is none
 */
public record Secret(String text) {
  /** Whether there is no password. */
  public boolean isEmpty() {
    return text.isEmpty();
  }

  @Override
  public String toString() {
    return text.isEmpty() ? "none" : "****";
  }
}
