package io.ringmaster.proxy.local;

import io.ringmaster.protocol.Arguments;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.OptionalLong;

/** Arguments as text. */
final class Words {

  private Words() {}

  static String text(Arguments request, int index) {
    return new String(request.bytes(index), StandardCharsets.UTF_8);
  }

  /** The argument in upper case, for comparing with a keyword. */
  static String keyword(Arguments request, int index) {
    return request.length(index) > 64 ? "" : text(request, index).toUpperCase(Locale.ROOT);
  }

  /** The argument as Redis reads an integer, or nothing. */
  static OptionalLong integer(Arguments request, int index) {
    String text = request.length(index) > 20 ? "" : text(request, index);
    if (!text.matches("0|-?[1-9][0-9]*")) {
      return OptionalLong.empty();
    }
    try {
      return OptionalLong.of(Long.parseLong(text));
    } catch (NumberFormatException tooLarge) {
      return OptionalLong.empty();
    }
  }
}
