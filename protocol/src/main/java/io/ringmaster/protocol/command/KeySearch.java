package io.ringmaster.protocol.command;

import java.util.Arrays;

/** The result of looking for the keys of a request. */
public sealed interface KeySearch {

  /** The places of the keys; none if the command can do without and has none. */
  final class Found implements KeySearch {

    private final int[] positions;

    Found(int... positions) {
      this.positions = positions;
    }

    /** Indexes of the arguments that are keys. Not a copy: do not change it. */
    public int[] positions() {
      return positions;
    }

    @Override
    public String toString() {
      return "Found" + Arrays.toString(positions);
    }
  }

  /** The reason why there are no keys, in the words of {@code COMMAND GETKEYS}. */
  enum Missing implements KeySearch {
    NO_KEY_ARGUMENTS("The command has no key arguments"),
    WRONG_ARITY("Invalid number of arguments specified for command"),
    /** The server would answer the command itself with an error, too. */
    INVALID_ARGUMENTS("Invalid arguments specified for command");

    private final String message;

    Missing(String message) {
      this.message = message;
    }

    /** The error's text, to follow {@code ERR}. */
    public String message() {
      return message;
    }
  }
}
