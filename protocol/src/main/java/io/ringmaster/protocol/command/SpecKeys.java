package io.ringmaster.protocol.command;

import io.ringmaster.protocol.Arguments;
import io.ringmaster.protocol.command.KeySpec.Index;
import io.ringmaster.protocol.command.KeySpec.KeyCount;
import io.ringmaster.protocol.command.KeySpec.Keyword;
import io.ringmaster.protocol.command.KeySpec.Range;
import io.ringmaster.protocol.command.KeySpec.Unknown;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Follows the key specs of a command. */
final class SpecKeys {

  static final int[] NONE = {};

  /** The specs cannot be followed. Compared by identity. */
  static final int[] INVALID = {};

  private static final int ABSENT = -1;

  private SpecKeys() {}

  /**
   * The keys in the order of the specs, or {@link #INVALID}.
   *
   * @param optional a range of which nothing was given has no keys, as in {@code PFMERGE key};
   *     GETKEYS calls it invalid, the command itself does not
   */
  static int[] find(CommandSpec spec, Arguments arguments, boolean optional) {
    int[] found = NONE;
    for (KeySpec keys : spec.keySpecs()) {
      if (keys.flags().contains(KeyFlag.NOT_KEY)) {
        continue;
      }
      if (keys.begin() instanceof Unknown) {
        return INVALID;
      }
      int begin = begin(keys, arguments);
      boolean empty = optional && keys.find() instanceof Range && begin >= arguments.count();
      if (begin == ABSENT || empty) {
        continue;
      }
      int[] some = follow(keys, begin, arguments, strictCount(keys, begin, arguments));
      if (some == INVALID || keys.flags().contains(KeyFlag.INCOMPLETE)) {
        return INVALID;
      }
      found = concatenate(found, some);
    }
    return found;
  }

  /**
   * The counted keys, then the fixed ones, reading the count as C's {@code atoi} does; none if it
   * makes no sense.
   */
  static int[] counted(CommandSpec spec, Arguments arguments) {
    int[] counted = NONE;
    int[] fixed = NONE;
    for (KeySpec keys : spec.keySpecs()) {
      int begin = begin(keys, arguments);
      if (keys.find() instanceof KeyCount count) {
        long number = Numbers.lenient(arguments, begin + count.countIndex());
        counted = follow(keys, begin, arguments, number);
      } else {
        fixed = concatenate(fixed, follow(keys, begin, arguments, 0));
      }
    }
    return counted == INVALID ? NONE : concatenate(counted, fixed);
  }

  private static long strictCount(KeySpec keys, int begin, Arguments arguments) {
    if (!(keys.find() instanceof KeyCount count)) {
      return 0;
    }
    int index = begin + count.countIndex();
    return index < arguments.count() ? Numbers.strict(arguments, index) : -1;
  }

  private static int begin(KeySpec keys, Arguments arguments) {
    return switch (keys.begin()) {
      case Index index -> index.position();
      case Keyword keyword -> after(keyword, arguments);
      case Unknown unknown -> ABSENT;
    };
  }

  // Forwards the last argument is left out, as nothing could follow it.
  private static int after(Keyword keyword, Arguments arguments) {
    byte[] word = keyword.word().getBytes(StandardCharsets.US_ASCII);
    boolean forwards = keyword.from() > 0;
    int from = forwards ? keyword.from() : arguments.count() + keyword.from();
    int end = forwards ? arguments.count() - 1 : 1;
    int step = forwards ? 1 : -1;
    for (int i = from; forwards ? i < end : i > end; i += step) {
      if (Ascii.isOption(arguments, i, word)) {
        return i + 1;
      }
    }
    return ABSENT;
  }

  private static int[] follow(KeySpec keys, int begin, Arguments arguments, long number) {
    int count = arguments.count();
    return switch (keys.find()) {
      case Range range -> stepping(begin, last(range, begin, count), range.step(), count);
      case KeyCount keyCount -> {
        long first = (long) begin + keyCount.first();
        long last = first + (number - 1) * keyCount.step();
        yield number > count ? INVALID : stepping(first, last, keyCount.step(), count);
      }
      case Unknown unknown -> INVALID;
    };
  }

  private static int last(Range range, int begin, int count) {
    if (range.last() >= 0) {
      return begin + range.last();
    }
    return range.limit() == 0
        ? count + range.last()
        : begin + (count - begin) / range.limit() + range.last();
  }

  private static int[] stepping(long first, long last, int step, int count) {
    if (last >= count || last < first || first >= count) {
      return INVALID;
    }
    int[] positions = new int[(int) (last - first) / step + 1];
    for (int i = 0; i < positions.length; i++) {
      positions[i] = (int) first + i * step;
    }
    return positions;
  }

  private static int[] concatenate(int[] one, int[] other) {
    if (one.length == 0) {
      return other;
    }
    int[] both = Arrays.copyOf(one, one.length + other.length);
    System.arraycopy(other, 0, both, one.length, other.length);
    return both;
  }
}
