package io.ringmaster.protocol.command;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The table of all commands. Immutable; built once at start, then shared by all threads. */
public final class CommandTable {

  /** Bytes of the longest name that {@link #find(long, long, long)} can find. */
  public static final int MAX_NAME_LENGTH = 24;

  private static final String RESOURCE = "commands.csv";

  // 2^64 divided by the golden ratio, odd: spreads the bytes over the upper half.
  private static final long HASH_FACTOR = 0x9E3779B97F4A7C15L;

  private final List<CommandSpec> all;
  private final Map<String, CommandSpec> byName = new HashMap<>();
  // Open addressing at a load of at most 1/4; three words of names and one spec per place.
  private final long[] names;
  private final @Nullable CommandSpec[] specs;
  private final int mask;

  private CommandTable(List<CommandSpec> topLevel) {
    List<CommandSpec> flat = new ArrayList<>();
    for (CommandSpec spec : topLevel) {
      flat.add(spec);
      flat.addAll(spec.subcommands());
    }
    all = List.copyOf(flat);
    all.forEach(spec -> byName.put(spec.name(), spec));
    int places = Integer.highestOneBit(topLevel.size()) * 8;
    mask = places - 1;
    names = new long[3 * places];
    specs = new CommandSpec[places];
    topLevel.forEach(this::insert);
  }

  /**
   * Reads the table that is part of this library.
   *
   * @throws IllegalStateException if the library was built without it
   */
  public static CommandTable load() {
    try (InputStream in = CommandTable.class.getResourceAsStream(RESOURCE)) {
      if (in == null) {
        throw new IllegalStateException("no resource " + RESOURCE);
      }
      var reader = new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8));
      return parse(reader.lines().toList());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static CommandTable parse(List<String> lines) {
    List<CommandRow> rows =
        lines.stream()
            .filter(line -> !line.startsWith("#"))
            .skip(1)
            .map(CommandRow::parse)
            .toList();
    List<CommandSpec> topLevel = new ArrayList<>();
    int id = 0;
    while (id < rows.size()) {
      CommandRow row = rows.get(id);
      int end = id + 1;
      while (end < rows.size() && rows.get(end).name().startsWith(row.name() + "|")) {
        end++;
      }
      topLevel.add(new CommandSpec(id, row, rows.subList(id + 1, end)));
      id = end;
    }
    return new CommandTable(topLevel);
  }

  /**
   * The top-level command whose name in upper case is packed into three words by {@link #pack};
   * null if there is none. Allocates nothing.
   */
  public @Nullable CommandSpec find(long word0, long word1, long word2) {
    int place = hash(word0, word1, word2) & mask;
    while (true) {
      CommandSpec spec = specs[place];
      if (spec == null) {
        return null;
      }
      int at = 3 * place;
      if (names[at] == word0 && names[at + 1] == word1 && names[at + 2] == word2) {
        return spec;
      }
      place = (place + 1) & mask;
    }
  }

  /** The top-level command of a name longer than {@link #MAX_NAME_LENGTH}, in any case. */
  public @Nullable CommandSpec findLong(String name) {
    CommandSpec spec = find(name);
    return spec != null && spec.parent() == null ? spec : null;
  }

  /** The command of that name, or the subcommand as in {@code config|get}, in any case. */
  public @Nullable CommandSpec find(String name) {
    return byName.get(name.toLowerCase(Locale.ROOT));
  }

  /** Returns all commands, each followed by its subcommands, in the order of their ids. */
  public List<CommandSpec> all() {
    return all;
  }

  /**
   * Word {@code word} (0 to 2) of a name: its byte i, in upper case, stands in word i / 8 from bit
   * 8 * (i % 8) on; the rest is zero. A name longer than {@link #MAX_NAME_LENGTH} has no words: its
   * reader must not look it up.
   */
  public static long pack(byte[] name, int word) {
    int from = 8 * word;
    int end = Math.min(name.length, from + 8);
    long packed = 0;
    for (int i = from; i < end; i++) {
      packed |= (Ascii.upper(name[i]) & 0xFFL) << (8 * (i - from));
    }
    return packed;
  }

  private void insert(CommandSpec spec) {
    byte[] name = spec.name().getBytes(StandardCharsets.US_ASCII);
    if (name.length > MAX_NAME_LENGTH) {
      // Found by its name only.
      return;
    }
    int place = hash(pack(name, 0), pack(name, 1), pack(name, 2)) & mask;
    while (specs[place] != null) {
      place = (place + 1) & mask;
    }
    specs[place] = spec;
    for (int word = 0; word < 3; word++) {
      names[3 * place + word] = pack(name, word);
    }
  }

  private static int hash(long word0, long word1, long word2) {
    long mixed = (word0 ^ Long.rotateLeft(word1, 21) ^ Long.rotateLeft(word2, 42)) * HASH_FACTOR;
    return (int) (mixed >>> 32);
  }
}
