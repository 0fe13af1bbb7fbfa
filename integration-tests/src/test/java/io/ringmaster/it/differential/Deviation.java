package io.ringmaster.it.differential;

import java.util.List;
import java.util.Set;

/**
 * Where the replies of two servers may differ, and why. None of them lets a valid request for data
 * be answered otherwise: the first ones hold between any two plain servers too, and the control
 * proves that they are needed there.
 */
enum Deviation {

  /** Time left, idle time: asked of two servers at two moments. Numbers may differ by a minute. */
  MOMENT {
    @Override
    boolean explains(Request request, Answer plain, Answer other) {
      return TIMES.contains(request.command()) && sameButForNumbers(plain.parts(), other.parts());
    }
  },

  /** {@code XADD key *}: each server takes the number from its own clock. */
  OWN_CLOCK {
    @Override
    boolean explains(Request request, Answer plain, Answer other) {
      return request.command().equals("xadd")
          && request.has("*")
          && plain.text().matches(STREAM_ID)
          && other.text().matches(STREAM_ID);
    }
  },

  /**
   * {@code KEYS}, {@code COMMAND DOCS}, and {@code ZSCAN} of what {@code ZRANGESTORE} has made: in
   * the order of a hash table with a random seed. The same strings, in any order.
   */
  ORDER_OF_A_HASH_TABLE {
    @Override
    boolean explains(Request request, Answer plain, Answer other) {
      return UNORDERED.contains(request.command())
          && plain.strings().stream().sorted().toList().equals(sorted(other))
          && plain.parts().getFirst().equals(other.parts().getFirst());
    }
  },

  /** {@code COMMAND} alone is not sent to a server: the proxy lists the commands that it knows. */
  OWN_COMMANDS {
    @Override
    boolean explains(Request request, Answer plain, Answer other) {
      return request.words().size() == 1 && request.has("command");
    }
  },

  /**
   * Something is wrong in the request, and arguments that no server would take for keys lie on
   * different shards, or a server would find another mistake first. Both answer an error.
   */
  CROSSSLOT_INSTEAD_OF_ANOTHER_ERROR {
    @Override
    boolean explains(Request request, Answer plain, Answer other) {
      return !request.valid() && plain.isError() && other.text().startsWith("-CROSSSLOT");
    }
  },

  /** A command that the server is too old for: the number of its arguments is checked before. */
  ARITY_OF_A_NEWER_COMMAND {
    @Override
    boolean explains(Request request, Answer plain, Answer other) {
      return !request.valid()
          && plain.text().startsWith("-ERR unknown command")
          && other.text().startsWith("-ERR wrong number of arguments");
    }
  };

  private static final String STREAM_ID = "\\d+-\\d+";
  private static final Set<String> UNORDERED = Set.of("keys", "zscan", "command|docs");
  private static final Set<String> TIMES =
      Set.of(
          "ttl",
          "pttl",
          "expiretime",
          "pexpiretime",
          "object|idletime",
          "xpending",
          "xinfo|consumers",
          "xinfo|stream");

  abstract boolean explains(Request request, Answer plain, Answer other);

  static boolean anyExplains(Request request, Answer plain, Answer other) {
    for (Deviation deviation : values()) {
      if (deviation.explains(request, plain, other)) {
        return true;
      }
    }
    return false;
  }

  private static List<String> sorted(Answer answer) {
    return answer.strings().stream().sorted().toList();
  }

  private static boolean sameButForNumbers(List<String> one, List<String> other) {
    if (one.size() != other.size()) {
      return false;
    }
    for (int i = 0; i < one.size(); i++) {
      if (!one.get(i).equals(other.get(i)) && !areClose(one.get(i), other.get(i))) {
        return false;
      }
    }
    return true;
  }

  private static boolean areClose(String one, String other) {
    String number = ":\\d{1,18}";
    return one.matches(number)
        && other.matches(number)
        && Math.abs(Long.parseLong(one.substring(1)) - Long.parseLong(other.substring(1))) < 60_000;
  }
}
