package io.ringmaster.proxy.health;

import java.util.Locale;

/** What the last probe of a server found. */
public enum NodeState {
  /** Not probed yet. */
  UNKNOWN,
  /** It answers. */
  UP,
  /** It answers that it is loading its data. */
  LOADING,
  /** It does not answer. */
  DOWN;

  /** As it is shown. */
  public String text() {
    return name().toLowerCase(Locale.ROOT);
  }
}
