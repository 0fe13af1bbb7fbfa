package io.ringmaster.protocol.command;

import io.ringmaster.protocol.command.KeySpec.BeginSearch;
import io.ringmaster.protocol.command.KeySpec.FindKeys;
import io.ringmaster.protocol.command.KeySpec.Index;
import io.ringmaster.protocol.command.KeySpec.KeyCount;
import io.ringmaster.protocol.command.KeySpec.Keyword;
import io.ringmaster.protocol.command.KeySpec.Range;
import io.ringmaster.protocol.command.KeySpec.Unknown;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads the compact text of key specs; the head of {@code commands.csv} describes it. */
final class KeySpecParser {

  private static final Pattern BEGIN = Pattern.compile("([A-Z]*)@(-?\\d+)");
  private static final Pattern RANGE = Pattern.compile("\\.\\.(-?\\d+)(?:/(\\d+))?(?:%(\\d+))?");
  private static final Pattern COUNT = Pattern.compile("#(\\d+)\\+(\\d+)(?:/(\\d+))?");
  private static final Unknown UNKNOWN = new Unknown();
  private static final Range ONE = new Range(0, 1, 0);

  private KeySpecParser() {}

  static List<KeySpec> parse(String specs, String notes) {
    if (specs.isEmpty()) {
      return List.of();
    }
    String[] remarks = notes.split("\\|", -1);
    List<KeySpec> parsed = new ArrayList<>();
    for (String spec : specs.split("\\|")) {
      String remark = parsed.size() < remarks.length ? remarks[parsed.size()] : "";
      parsed.add(one(spec, remark));
    }
    return List.copyOf(parsed);
  }

  private static KeySpec one(String text, String notes) {
    Set<KeyFlag> flags = EnumSet.noneOf(KeyFlag.class);
    BeginSearch begin = UNKNOWN;
    FindKeys find = ONE;
    for (String word : text.split(" ")) {
      if (word.equals("?")) {
        find = UNKNOWN;
      } else if (word.contains("@")) {
        begin = begin(word);
      } else if (word.startsWith("..")) {
        find = range(word);
      } else if (word.startsWith("#")) {
        find = keyCount(word);
      } else {
        flags.add(KeyFlag.valueOf(word.toUpperCase(Locale.ROOT)));
      }
    }
    return new KeySpec(Collections.unmodifiableSet(flags), begin, find, notes);
  }

  private static BeginSearch begin(String word) {
    Matcher matcher = match(BEGIN, word);
    int position = Integer.parseInt(matcher.group(2));
    String keyword = matcher.group(1);
    return keyword.isEmpty() ? new Index(position) : new Keyword(keyword, position);
  }

  private static FindKeys range(String word) {
    Matcher matcher = match(RANGE, word);
    return new Range(number(matcher, 1, 0), number(matcher, 2, 1), number(matcher, 3, 0));
  }

  private static FindKeys keyCount(String word) {
    Matcher matcher = match(COUNT, word);
    return new KeyCount(number(matcher, 1, 0), number(matcher, 2, 1), number(matcher, 3, 1));
  }

  private static int number(Matcher matcher, int group, int otherwise) {
    String text = matcher.group(group);
    return text == null ? otherwise : Integer.parseInt(text);
  }

  private static Matcher match(Pattern pattern, String word) {
    Matcher matcher = pattern.matcher(word);
    if (!matcher.matches()) {
      throw new IllegalArgumentException("not a key spec: " + word);
    }
    return matcher;
  }
}
