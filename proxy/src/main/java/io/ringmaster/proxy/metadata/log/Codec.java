package io.ringmaster.proxy.metadata.log;

import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Values of one type as JSON: maps, lists, texts, numbers and truth values. */
interface Codec<T> {

  /** Returns the JSON of {@code value}; null if nothing is to be written. */
  @Nullable Object encode(T value);

  /**
   * Returns the value of {@code json}.
   *
   * @throws UnknownFormatException if there is none
   */
  T decode(Object json);

  /** Returns the value for which nothing is written; empty if every value is written. */
  default Optional<T> absent() {
    return Optional.empty();
  }

  /** Returns the codec of another type, each value of which is written as one of this type. */
  default <U> Codec<U> map(Function<U, T> to, Function<T, U> from) {
    Codec<T> written = this;
    return new Codec<>() {
      @Override
      public @Nullable Object encode(U value) {
        return written.encode(to.apply(value));
      }

      @Override
      public U decode(Object json) {
        return from.apply(written.decode(json));
      }

      @Override
      public Optional<U> absent() {
        return written.absent().map(from);
      }
    };
  }
}
