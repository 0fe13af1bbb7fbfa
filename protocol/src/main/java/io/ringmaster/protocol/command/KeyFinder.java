package io.ringmaster.protocol.command;

import io.ringmaster.protocol.Arguments;
import io.ringmaster.protocol.command.KeySearch.Found;
import io.ringmaster.protocol.command.KeySearch.Missing;
import org.jspecify.annotations.Nullable;

/**
 * Finds the keys of a request. Time is linear in the number of arguments and memory in the number
 * of keys that are really there, whatever the request claims.
 */
public final class KeyFinder {

  private static final Found NO_KEYS = new Found();

  private KeyFinder() {}

  /**
   * The keys that a server will use when it executes the request, in the order of {@link #listed}.
   * It differs from that one where {@code COMMAND GETKEYS} takes the wrong argument for an option,
   * as with a group named {@code streams}, or names a key that is not used after all: routing needs
   * the truth. With {@link Missing#INVALID_ARGUMENTS} any server answers an error.
   */
  public static KeySearch positions(CommandSpec spec, Arguments arguments) {
    Missing missing = missing(spec, arguments);
    if (missing != null) {
      return missing;
    }
    int[] found =
        switch (spec.keyRule()) {
          case NONE -> SpecKeys.NONE;
          case SPECS, COUNTED -> SpecKeys.find(spec, arguments, true);
          case FIRST -> new int[] {1};
          case SORT -> OptionKeys.sort(arguments, true);
          case GEO_STORE -> OptionKeys.geoStore(arguments);
          case STREAMS -> OptionKeys.streams(arguments, true);
          case MIGRATE -> OptionKeys.migrate(arguments);
        };
    return result(spec, found);
  }

  /** The keys that {@code COMMAND GETKEYS} of Redis 7.0 names, right or wrong, in its order. */
  public static KeySearch listed(CommandSpec spec, Arguments arguments) {
    Missing missing = missing(spec, arguments);
    if (missing != null) {
      return missing;
    }
    if (spec.keyRule() == KeyRule.FIRST) {
      return new Found(1);
    }
    int[] found = SpecKeys.find(spec, arguments, false);
    return result(spec, found == SpecKeys.INVALID ? fallback(spec, arguments) : found);
  }

  // A server has a second, older way for each command, and takes it when the specs fail.
  private static int[] fallback(CommandSpec spec, Arguments arguments) {
    return switch (spec.keyRule()) {
      case NONE, SPECS -> SpecKeys.NONE;
      case FIRST -> new int[] {1};
      case COUNTED -> SpecKeys.counted(spec, arguments);
      case SORT -> OptionKeys.sort(arguments, false);
      case GEO_STORE -> OptionKeys.geoStore(arguments);
      case STREAMS -> OptionKeys.streams(arguments, false);
      case MIGRATE -> OptionKeys.migrate(arguments);
    };
  }

  private static @Nullable Missing missing(CommandSpec spec, Arguments arguments) {
    if (!spec.hasKeys()) {
      return Missing.NO_KEY_ARGUMENTS;
    }
    return spec.arityAccepts(arguments.count()) ? null : Missing.WRONG_ARITY;
  }

  private static KeySearch result(CommandSpec spec, int[] found) {
    if (found.length > 0) {
      return new Found(found);
    }
    boolean optional = spec.flags().contains(CommandFlag.NO_MANDATORY_KEYS);
    return optional ? NO_KEYS : Missing.INVALID_ARGUMENTS;
  }
}
