package io.ringmaster.protocol.command;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;

/** A line of {@code commands.csv}, column by column. */
record CommandRow(
    String name,
    int arity,
    EnumSet<CommandFlag> flags,
    List<String> aclCategories,
    List<Integer> legacyKeys,
    List<KeySpec> keySpecs,
    List<String> tips,
    String since,
    String group,
    Treatment treatment,
    String reason) {

  private static final int COLUMNS = 12;
  private static final List<Integer> NO_KEYS = List.of(0, 0, 0);

  static CommandRow parse(String line) {
    String[] columns = line.split(";", -1);
    if (columns.length != COLUMNS) {
      throw new IllegalArgumentException("not " + COLUMNS + " columns: " + line);
    }
    return new CommandRow(
        columns[0],
        Integer.parseInt(columns[1]),
        flags(columns[2]),
        words(columns[3]),
        legacyKeys(columns[4]),
        KeySpecParser.parse(columns[5], columns[11]),
        words(columns[6]),
        columns[7],
        columns[8],
        Treatment.valueOf(columns[9].toUpperCase(Locale.ROOT)),
        columns[10]);
  }

  private static EnumSet<CommandFlag> flags(String text) {
    EnumSet<CommandFlag> flags = EnumSet.noneOf(CommandFlag.class);
    for (String word : words(text)) {
      flags.add(CommandFlag.valueOf(word.toUpperCase(Locale.ROOT)));
    }
    return flags;
  }

  private static List<Integer> legacyKeys(String text) {
    List<Integer> keys = new ArrayList<>();
    words(text).forEach(word -> keys.add(Integer.valueOf(word)));
    return keys.isEmpty() ? NO_KEYS : List.copyOf(keys);
  }

  private static List<String> words(String text) {
    return text.isEmpty() ? List.of() : List.copyOf(Arrays.asList(text.split(" ")));
  }
}
