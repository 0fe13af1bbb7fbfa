package io.ringmaster.it.differential;

import io.ringmaster.protocol.command.CommandSpec;
import io.ringmaster.protocol.command.CommandTable;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.Set;

/** A random sequence of requests after the grammar; one in six has something wrong in it. */
final class Requests {

  private static final Set<String> RARE = Set.of("flushall", "flushdb", "script|flush");
  // A set that ever held a word has the order of its hash table.
  private static final Set<String> INTEGERS_ONLY = Set.of("sadd", "smove");

  private final Random random;
  private final Values values;
  private final List<Line> lines = new ArrayList<>();

  private record Line(String command, Production production) {}

  Requests(Random random, Values values, CommandTable table) {
    this.random = random;
    this.values = values;
    for (String line : grammar()) {
      String[] words = line.split(" ");
      CommandSpec spec = Objects.requireNonNull(table.find(words[0]), line);
      String name = spec.hasSubcommands() ? words[0] + "|" + words[1] : words[0];
      lines.add(new Line(name, Production.parse(line)));
    }
  }

  private static List<String> grammar() {
    try (InputStream in = Requests.class.getResourceAsStream("grammar.txt")) {
      var reader = new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8));
      return reader.lines().filter(line -> !line.isBlank() && !line.startsWith("#")).toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The commands that it makes, by their names in the command table. */
  List<String> commands() {
    return lines.stream().map(Line::command).distinct().toList();
  }

  Request next() {
    Line line = lines.get(random.nextInt(lines.size()));
    while (RARE.contains(line.command()) && random.nextInt(20) > 0) {
      line = lines.get(random.nextInt(lines.size()));
    }
    List<String> names = new ArrayList<>();
    line.production().derive(random, names::add);
    values.beginRequest();
    boolean changeable = random.nextInt(6) == 0 && names.stream().noneMatch(Requests::isSingle);
    int wrong = changeable ? 1 + random.nextInt(names.size()) : -1;
    List<byte[]> words = new ArrayList<>();
    for (int i = 0; i < names.size(); i++) {
      words.add(word(line.command(), names.get(i), i == wrong));
    }
    if (changeable && random.nextBoolean()) {
      bend(words, INTEGERS_ONLY.contains(line.command()));
    }
    return new Request(line.command(), words, !changeable);
  }

  private static boolean isSingle(String name) {
    return Values.SINGLE.contains(bare(name));
  }

  private byte[] word(String command, String name, boolean wrong) {
    if (!name.startsWith("<")) {
      boolean keep = !wrong || INTEGERS_ONLY.contains(command);
      return keep ? Values.bytes(name) : values.garbage();
    }
    if (!wrong) {
      return values.of(bare(name));
    }
    if (values.isKey(bare(name))) {
      return values.otherKey();
    }
    return INTEGERS_ONLY.contains(command) ? Values.bytes("-5") : values.garbage();
  }

  private static String bare(String name) {
    return name.substring(
        name.startsWith("<") ? 1 : 0, name.length() - (name.endsWith(">") ? 1 : 0));
  }

  /** One argument too many, too few, or twice. */
  private void bend(List<byte[]> words, boolean neverTwice) {
    int at = random.nextInt(words.size());
    switch (random.nextInt(neverTwice ? 1 : 0, 3)) {
      case 0 -> words.add(at, words.get(at));
      case 1 -> words.add(Values.bytes("-1"));
      default -> {
        if (at > 0) {
          words.remove(at);
        }
      }
    }
  }
}
