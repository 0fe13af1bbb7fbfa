package io.ringmaster.it.differential;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.function.Consumer;

/** The valid forms of one command, as the grammar's file describes them. */
sealed interface Production {

  /** Passes the words of one form to {@code words}: literals, and names of values in brackets. */
  void derive(Random random, Consumer<String> words);

  /** Parses one line of the grammar. */
  static Production parse(String line) {
    Deque<String> tokens = new ArrayDeque<>(Arrays.asList(line.trim().split(" +")));
    Production production = choice(tokens);
    if (!tokens.isEmpty()) {
      throw new IllegalArgumentException("unexpected " + tokens.peek() + " in: " + line);
    }
    return production;
  }

  private static Production choice(Deque<String> tokens) {
    List<Production> forms = new ArrayList<>();
    forms.add(sequence(tokens));
    while ("|".equals(tokens.peek())) {
      tokens.remove();
      forms.add(sequence(tokens));
    }
    return forms.size() == 1 ? forms.getFirst() : new Choice(forms);
  }

  private static Production sequence(Deque<String> tokens) {
    Set<String> ends = Set.of("|", ")", ")+", ")*", "]");
    List<Production> parts = new ArrayList<>();
    while (!tokens.isEmpty() && !ends.contains(tokens.peek())) {
      String token = tokens.remove();
      switch (token) {
        case "(" -> {
          Production inner = choice(tokens);
          String end = tokens.remove();
          parts.add(end.equals(")") ? inner : new Repeat(inner, end.equals(")+") ? 1 : 0, 3));
        }
        case "[" -> {
          parts.add(new Repeat(choice(tokens), 0, 1));
          tokens.remove();
        }
        default -> parts.add(new Word(token));
      }
    }
    return new Sequence(parts);
  }

  /** A literal or the name of a value. */
  record Word(String text) implements Production {
    @Override
    public void derive(Random random, Consumer<String> words) {
      words.accept(text);
    }
  }

  /** All parts, one after the other. */
  record Sequence(List<Production> parts) implements Production {
    @Override
    public void derive(Random random, Consumer<String> words) {
      parts.forEach(part -> part.derive(random, words));
    }
  }

  /** One of several forms. */
  record Choice(List<Production> forms) implements Production {
    @Override
    public void derive(Random random, Consumer<String> words) {
      forms.get(random.nextInt(forms.size())).derive(random, words);
    }
  }

  /** A part several times. */
  record Repeat(Production part, int least, int most) implements Production {
    @Override
    public void derive(Random random, Consumer<String> words) {
      for (int i = least + random.nextInt(most - least + 1); i > 0; i--) {
        part.derive(random, words);
      }
    }
  }
}
