package io.ringmaster.it.clients;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.awaitility.Awaitility;

/**
 * Checked load by one client object of one library, in loops that run at the same time. Each loop
 * increments a counter of its own, sets keys of its own and reads both back.
 */
public interface ClientLoad extends AutoCloseable {

  /** Which library it is. */
  String library();

  /** Answers without an error in that loop which has the fewest. */
  int answers();

  /** Ends the loops and reads all that was acknowledged once more. */
  Outcome finish();

  @Override
  void close();

  /** Waits for answers, to each loop, to commands that were sent since. */
  default void awaitMore(int count) {
    int target = answers() + count + 1;
    Awaitility.await(library()).atMost(Duration.ofMinutes(1)).until(() -> answers() >= target);
  }

  /**
   * How often each error was seen, the answers that nothing explains, and the number of increments
   * that were executed once more than they were asked for.
   */
  record Outcome(Map<String, Integer> errors, List<String> wrong, long repeated) {}
}
