package io.ringmaster.protocol.command;

import io.ringmaster.protocol.command.KeySpec.KeyCount;
import io.ringmaster.protocol.command.KeySpec.Keyword;
import io.ringmaster.protocol.command.KeySpec.Unknown;
import java.util.List;

/** Which syntax a command's keys follow; read off its key specs, so that no command is named. */
enum KeyRule {
  /** No keys. */
  NONE,
  /** The key specs say it all. */
  SPECS,
  /** Argument 1, whatever follows. */
  FIRST,
  /** A number of keys, told by an argument. */
  COUNTED,
  /** {@code SORT … STORE}. */
  SORT,
  /** {@code GEORADIUS … STORE, STOREDIST}. */
  GEO_STORE,
  /** {@code XREAD … STREAMS}. */
  STREAMS,
  /** {@code MIGRATE … KEYS}. */
  MIGRATE;

  static KeyRule of(List<KeySpec> specs) {
    KeyRule rule = NONE;
    for (KeySpec spec : specs) {
      if (!spec.flags().contains(KeyFlag.NOT_KEY)) {
        rule = stronger(rule, of(spec));
      }
    }
    return rule;
  }

  private static KeyRule stronger(KeyRule one, KeyRule other) {
    return one.compareTo(other) >= 0 ? one : other;
  }

  private static KeyRule of(KeySpec spec) {
    if (spec.begin() instanceof Keyword keyword) {
      return switch (keyword.word()) {
        case "STREAMS" -> STREAMS;
        case "KEYS" -> MIGRATE;
        case "STORE", "STOREDIST" -> GEO_STORE;
        default -> SPECS;
      };
    }
    if (spec.begin() instanceof Unknown) {
      return spec.flags().contains(KeyFlag.OW) ? SORT : FIRST;
    }
    if (spec.find() instanceof KeyCount) {
      return COUNTED;
    }
    return spec.flags().contains(KeyFlag.VARIABLE_FLAGS) ? FIRST : SPECS;
  }
}
