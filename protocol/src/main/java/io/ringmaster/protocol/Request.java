package io.ringmaster.protocol;

import java.nio.charset.StandardCharsets;
import java.util.Locale;

/**
 * A request as it came from a client. It is a view: valid only during the call that it is passed
 * to, unless {@link #detached()} made a copy.
 */
public interface Request extends Arguments {

  /** Whether the command can change nothing. */
  boolean isReadOnly();

  /**
   * Whether it calls a script or a function, which may fail after it has changed something, in any
   * words.
   */
  default boolean callsScript() {
    String name = new String(bytes(0, 5), StandardCharsets.ISO_8859_1).toUpperCase(Locale.ROOT);
    return name.startsWith("EVAL") || name.startsWith("FCALL");
  }

  /** A copy that stays valid. */
  Request detached();
}
