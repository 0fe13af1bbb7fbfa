package io.ringmaster.cluster.replication;

import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Does something for each of several, whatever happens to one of them. */
final class EachOf {

  private EachOf() {}

  /** The first that was thrown is thrown again once all have had their turn. */
  static <T> void run(List<T> all, Consumer<T> action) {
    Throwable first = null;
    for (T one : all) {
      first = first(first, attempt(one, action));
    }
    if (first instanceof Error error) {
      throw error;
    }
    if (first instanceof RuntimeException exception) {
      throw exception;
    }
  }

  private static <T> @Nullable Throwable attempt(T one, Consumer<T> action) {
    try {
      action.accept(one);
      return null;
    } catch (RuntimeException | Error thrown) {
      return thrown;
    }
  }

  private static @Nullable Throwable first(@Nullable Throwable before, @Nullable Throwable thrown) {
    if (before == null || thrown == null) {
      return before == null ? thrown : before;
    }
    before.addSuppressed(thrown);
    return before;
  }
}
