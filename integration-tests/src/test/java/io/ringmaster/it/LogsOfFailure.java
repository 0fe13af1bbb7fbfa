package io.ringmaster.it;

import java.util.Map;
import java.util.function.Supplier;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * Prints what the processes of a test have logged when it fails, as nothing else is left of them.
 *
 * @param logs by the names of the processes
 */
record LogsOfFailure(Supplier<Map<String, String>> logs) implements AfterEachCallback {

  @Override
  public void afterEach(ExtensionContext test) {
    if (test.getExecutionException().isPresent()) {
      logs.get().forEach((name, log) -> System.out.println("LOG of " + name + ":\n" + log));
    }
  }
}
