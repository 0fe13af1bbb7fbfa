package io.ringmaster.proxy.dispatch;

import io.ringmaster.protocol.Arguments;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Set;

/** The last argument of a flush: SYNC, ASYNC, or none. */
final class FlushMode {

  private static final Set<String> MODES = Set.of("SYNC", "ASYNC");

  private FlushMode() {}

  /** Whether a server would accept the arguments from {@code index} on. */
  static boolean isValid(Arguments request, int index) {
    return request.count() == index
        || (request.count() == index + 1 && MODES.contains(word(request, index)));
  }

  /** The argument in upper case; empty if it is too long for a mode. */
  static String word(Arguments request, int index) {
    return request.length(index) > 8
        ? ""
        : new String(request.bytes(index), StandardCharsets.ISO_8859_1).toUpperCase(Locale.ROOT);
  }
}
