package io.ringmaster.it.clients;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;

/** Load by a library of this virtual machine. */
final class JavaLoad implements ClientLoad {

  private static final int LOOPS = 4;

  private final JavaLibrary library;
  private final AtomicBoolean stopping = new AtomicBoolean();
  private final List<JavaLoop> loops;
  private final List<Thread> threads;

  /** {@code prefix}: of the keys, unlike that of any other load. */
  JavaLoad(JavaLibrary library, String prefix) {
    this.library = library;
    this.loops =
        IntStream.range(0, LOOPS)
            .mapToObj(
                number ->
                    new JavaLoop(library, String.join(":", prefix, library.name(), "" + number)))
            .toList();
    this.threads =
        loops.stream().map(loop -> Thread.ofVirtual().start(() -> loop.run(stopping))).toList();
  }

  @Override
  public String library() {
    return library.name();
  }

  @Override
  public int answers() {
    return loops.stream().mapToInt(JavaLoop::answers).min().orElseThrow();
  }

  @Override
  public Outcome finish() {
    stop();
    Map<String, Integer> errors = new TreeMap<>();
    List<String> wrong = new ArrayList<>();
    for (JavaLoop loop : loops) {
      loop.readAll();
      loop.errors().forEach((error, count) -> errors.merge(error, count, Integer::sum));
      wrong.addAll(loop.wrong());
    }
    long repeated = loops.stream().mapToLong(JavaLoop::repeated).sum();
    return new Outcome(errors, wrong, repeated);
  }

  private void stop() {
    stopping.set(true);
    for (Thread thread : threads) {
      try {
        thread.join();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
  }

  @Override
  public void close() {
    stop();
    library.close().run();
  }
}
