package io.ringmaster.it.clients;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * One command after the other. An increment must show every one that was acknowledged before. Where
 * it shows more than were tried, leaving out what was refused, some were executed repeatedly.
 */
final class JavaLoop {

  private static final Pattern CODE = Pattern.compile("UNCERTAIN|UNAVAILABLE|CLUSTERDOWN");
  private static final Duration PAUSE = Duration.ofMillis(5);

  private final JavaLibrary library;
  private final String prefix;
  private final String counter;
  private final AtomicInteger answers = new AtomicInteger();
  private final Map<String, Integer> errors = new TreeMap<>();
  private final List<String> wrong = new ArrayList<>();
  private final List<String> keys = new ArrayList<>();
  private long least;
  private long acknowledged;
  private long uncertain;
  private long repeated;
  private int number;

  JavaLoop(JavaLibrary library, String prefix) {
    this.library = library;
    this.prefix = prefix;
    this.counter = prefix + ":counter";
  }

  void run(AtomicBoolean stopping) {
    while (!stopping.get()) {
      attempt(this::increment);
      attempt(this::set);
      attempt(this::get);
      LockSupport.parkNanos(PAUSE.toNanos());
    }
  }

  private void attempt(Runnable command) {
    try {
      command.run();
      answers.incrementAndGet();
    } catch (RuntimeException e) {
      errors.merge(kind(e), 1, Integer::sum);
    }
  }

  private static String kind(RuntimeException e) {
    Matcher code = CODE.matcher("" + e.getMessage());
    return code.find() ? code.group() : e.getClass().getSimpleName();
  }

  private void increment() {
    uncertain++;
    long seen;
    try {
      seen = library.increment().applyAsLong(counter);
    } catch (RuntimeException e) {
      if (isRefusal(e)) {
        uncertain--;
      }
      throw e;
    }
    uncertain--;
    acknowledged++;
    expect(seen > least, counter, seen);
    least = seen;
    repeated = Math.max(repeated, seen - acknowledged - uncertain);
  }

  private static boolean isRefusal(RuntimeException e) {
    return List.of("UNAVAILABLE", "CLUSTERDOWN").contains(kind(e));
  }

  private void set() {
    String key = prefix + ":" + number++;
    library.set().accept(key, value(key));
    keys.add(key);
  }

  /** The last one, and another one that is older. */
  private void get() {
    if (!keys.isEmpty()) {
      read(keys.getLast());
      read(keys.get(number * 31 % keys.size()));
    }
  }

  private void read(String key) {
    String found = library.get().apply(key);
    expect(value(key).equals(found), key, found);
  }

  private static String value(String key) {
    return "value of " + key;
  }

  private void expect(boolean condition, String key, Object seen) {
    if (!condition) {
      wrong.add(
          "%s: %s after %d acknowledged as %d and %d uncertain"
              .formatted(key, seen, acknowledged, least, uncertain));
    }
  }

  /** Once the loop has ended. */
  void readAll() {
    keys.forEach(this::read);
    long seen = Long.parseLong("" + library.get().apply(counter));
    expect(seen >= least, counter, seen);
    repeated = Math.max(repeated, seen - acknowledged - uncertain);
  }

  int answers() {
    return answers.get();
  }

  Map<String, Integer> errors() {
    return errors;
  }

  List<String> wrong() {
    return wrong;
  }

  /** Increments that were executed although nobody asked for that many. */
  long repeated() {
    return repeated;
  }
}
