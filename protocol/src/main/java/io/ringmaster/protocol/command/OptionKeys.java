package io.ringmaster.protocol.command;

import io.ringmaster.protocol.Arguments;
import java.nio.charset.StandardCharsets;

/** Keys whose places only the command's own option syntax tells. */
final class OptionKeys {

  private static final byte[] AUTH = word("AUTH");
  private static final byte[] AUTH2 = word("AUTH2");
  private static final byte[] BLOCK = word("BLOCK");
  private static final byte[] BY = word("BY");
  private static final byte[] CLAIM = word("CLAIM");
  private static final byte[] COUNT = word("COUNT");
  private static final byte[] DB = word("DB");
  private static final byte[] GET = word("GET");
  private static final byte[] GROUP = word("GROUP");
  private static final byte[] KEYS = word("KEYS");
  private static final byte[] LIMIT = word("LIMIT");
  private static final byte[] NOACK = word("NOACK");
  private static final byte[] REPLACE = word("REPLACE");
  private static final byte[] STORE = word("STORE");
  private static final byte[] STOREDIST = word("STOREDIST");
  private static final byte[] STREAMS = word("STREAMS");

  /** No server has databases whose numbers have more. */
  private static final int DATABASE_DIGITS = 9;

  private OptionKeys() {}

  /**
   * The key, and the destination of the last STORE.
   *
   * @param skipStored what follows STORE is no option; GETKEYS looks at it again, SORT does not
   */
  static int[] sort(Arguments arguments, boolean skipStored) {
    int stored = 0;
    for (int i = 2; i < arguments.count(); i++) {
      int skipped = sortOptionArguments(arguments, i);
      if (skipped == 0 && i + 1 < arguments.count() && Ascii.isOption(arguments, i, STORE)) {
        stored = i + 1;
        skipped = skipStored ? 1 : 0;
      }
      i += skipped;
    }
    return keyAndStored(stored);
  }

  /** The key, and the destination of the last STORE or STOREDIST. */
  static int[] geoStore(Arguments arguments) {
    int stored = 0;
    for (int i = 5; i + 1 < arguments.count(); i++) {
      if (Ascii.isOption(arguments, i, STORE) || Ascii.isOption(arguments, i, STOREDIST)) {
        stored = ++i;
      }
    }
    return keyAndStored(stored);
  }

  /**
   * The first half of what follows STREAMS.
   *
   * @param lenient go on after an unknown option: a newer server may know it, and any other answers
   *     an error
   */
  static int[] streams(Arguments arguments, boolean lenient) {
    int first = streamsOption(arguments, lenient) + 1;
    int rest = arguments.count() - first;
    if (first == 0 || rest == 0 || rest % 2 != 0) {
      return SpecKeys.NONE;
    }
    return consecutive(first, rest / 2);
  }

  /** The keys after KEYS, or argument 3. */
  static int[] migrate(Arguments arguments) {
    int count = arguments.count();
    for (int i = 6; i < count; i++) {
      if (Ascii.isOption(arguments, i, KEYS)) {
        boolean valid = arguments.length(3) == 0;
        return valid ? consecutive(i + 1, count - i - 1) : SpecKeys.NONE;
      }
      if (Ascii.isOption(arguments, i, AUTH)) {
        i++;
      } else if (Ascii.isOption(arguments, i, AUTH2)) {
        i += 2;
      }
    }
    return new int[] {3};
  }

  /** Whether an XREAD or XREADGROUP asks to wait for data. */
  static boolean streamsBlock(Arguments arguments) {
    int end = streamsOption(arguments, true);
    for (int i = 1; i < end; i += 1 + streamOptionArguments(arguments, i)) {
      if (Ascii.isOption(arguments, i, BLOCK)) {
        return true;
      }
    }
    return false;
  }

  /** Whether a SORT has a BY or GET pattern, by which it reads keys that it does not name. */
  static boolean sortReadsByPattern(Arguments arguments) {
    for (int i = 2; i + 1 < arguments.count(); i++) {
      boolean pattern = Ascii.isOption(arguments, i, BY) || Ascii.isOption(arguments, i, GET);
      if (pattern && hasStar(arguments.bytes(i + 1))) {
        return true;
      }
      boolean store = Ascii.isOption(arguments, i, STORE);
      i += store ? 1 : sortOptionArguments(arguments, i);
    }
    return false;
  }

  /** The highest database after a DB of a COPY, or 0. A server stops at what it does not know. */
  static int copyDatabase(Arguments arguments) {
    int highest = 0;
    for (int i = 3; i < arguments.count(); i++) {
      if (i + 1 < arguments.count() && Ascii.isOption(arguments, i, DB)) {
        i++;
        boolean mayBe = arguments.length(i) <= DATABASE_DIGITS;
        int database = mayBe ? Numbers.strict(arguments, i) : Numbers.NONE;
        if (database < 0) {
          return highest;
        }
        highest = Math.max(highest, database);
      } else if (!Ascii.isOption(arguments, i, REPLACE)) {
        return highest;
      }
    }
    return highest;
  }

  private static int streamsOption(Arguments arguments, boolean lenient) {
    for (int i = 1; i < arguments.count(); i++) {
      if (Ascii.isOption(arguments, i, STREAMS)) {
        return i;
      }
      int skipped = streamOptionArguments(arguments, i);
      boolean known = skipped > 0 || Ascii.isOption(arguments, i, NOACK);
      if (!lenient && (!known || Ascii.isOption(arguments, i, CLAIM))) {
        return -1;
      }
      i += skipped;
    }
    return -1;
  }

  private static int streamOptionArguments(Arguments arguments, int i) {
    if (Ascii.isOption(arguments, i, GROUP)) {
      return 2;
    }
    boolean one =
        Ascii.isOption(arguments, i, COUNT)
            || Ascii.isOption(arguments, i, BLOCK)
            || Ascii.isOption(arguments, i, CLAIM);
    return one ? 1 : 0;
  }

  private static int sortOptionArguments(Arguments arguments, int i) {
    if (Ascii.isOption(arguments, i, LIMIT)) {
      return 2;
    }
    return Ascii.isOption(arguments, i, GET) || Ascii.isOption(arguments, i, BY) ? 1 : 0;
  }

  private static boolean hasStar(byte[] pattern) {
    for (byte b : pattern) {
      if (b == '*' || b == 0) {
        return b == '*';
      }
    }
    return false;
  }

  private static int[] keyAndStored(int stored) {
    return stored == 0 ? new int[] {1} : new int[] {1, stored};
  }

  private static int[] consecutive(int first, int count) {
    int[] positions = new int[count];
    for (int i = 0; i < count; i++) {
      positions[i] = first + i;
    }
    return positions;
  }

  private static byte[] word(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }
}
