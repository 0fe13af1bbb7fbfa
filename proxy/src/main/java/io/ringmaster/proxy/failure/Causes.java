package io.ringmaster.proxy.failure;

import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;

/** A failure and what it was caused by, for those who have words for some of them. */
public final class Causes {

  private Causes() {}

  /** The first words that {@code words} has, for {@code failure} or one of its causes. */
  public static Optional<String> first(
      Throwable failure, Function<Throwable, Optional<String>> words) {
    return Stream.iterate(failure, cause -> cause != null, Throwable::getCause)
        .flatMap(cause -> words.apply(cause).stream())
        .findFirst();
  }
}
