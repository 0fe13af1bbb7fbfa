package io.ringmaster.cluster.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.LongStream;

/**
 * Runs one kind of simulation under many seeds. The system property {@code simulation.seeds} says
 * how many, {@code simulation.first} which is the first; {@code simulation.seed} runs one, and
 * prints all that happens in it.
 */
final class Seeds {

  private final Function<Long, Verdict> run;
  private final Function<Long, Verdict> trace;
  private final Map<String, Long> subjects = new TreeMap<>();
  private long acknowledged;
  private long operations;
  private long epochs;

  Seeds(Function<Long, Verdict> run, Function<Long, Verdict> trace) {
    this.run = run;
    this.trace = trace;
  }

  /** Fails under the first seed that is not good, with its story. */
  void search(long usual) {
    Long single = Long.getLong("simulation.seed");
    if (single != null) {
      Verdict verdict = trace.apply(single);
      System.out.println(verdict.describe());
      assertThat(verdict.isGood()).isTrue();
    } else {
      search(Long.getLong("simulation.first", 1), Long.getLong("simulation.seeds", usual));
    }
  }

  private void search(long first, long seeds) {
    long begin = System.nanoTime();
    Optional<Verdict> bad =
        LongStream.range(first, first + seeds)
            .parallel()
            .boxed()
            .map(run)
            .peek(this::count)
            .filter(verdict -> !verdict.isGood())
            .findFirst();
    double seconds = (System.nanoTime() - begin) / 1e9;
    System.out.printf(
        Locale.ROOT,
        "%d seeds from %d, %.0f seeds per second, %d of %d operations acknowledged, %d epochs; %s%n",
        seeds,
        first,
        seeds / seconds,
        acknowledged,
        operations,
        epochs,
        subjects.entrySet().stream()
            .map(subject -> subject.getValue() + " with " + subject.getKey())
            .collect(Collectors.joining(", ")));
    bad.ifPresent(
        verdict -> {
          throw new AssertionError(trace.apply(verdict.seed()).describe());
        });
  }

  private synchronized void count(Verdict verdict) {
    acknowledged += verdict.acknowledged();
    operations += verdict.operations();
    epochs += verdict.epochs();
    verdict.scenario().subjects().forEach(subject -> subjects.merge(subject, 1L, Long::sum));
  }
}
