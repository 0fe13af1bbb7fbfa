package io.ringmaster.proxy.http;

import java.util.Map;
import java.util.Objects;
import java.util.function.Supplier;

/**
 * One thing that must be well for this process to be live, or ready. Asked at each HTTP request, on
 * the HTTP thread: it answers at once, from what is known.
 */
public interface Check {

  /** What it is about, in one word. */
  String name();

  /** Why it is not well; empty if it is. */
  String reason();

  /** The same of each of its parts, where it has some, by their names. */
  default Map<String, String> parts() {
    return Map.of();
  }

  /** A check without parts. */
  static Check of(String name, Supplier<String> reason) {
    return new Check() {
      @Override
      public String name() {
        return name;
      }

      @Override
      public String reason() {
        return reason.get();
      }
    };
  }

  /**
   * A check that is well while all of its parts are; the reason is that of the first that is not.
   */
  static Check ofAll(String name, Supplier<Map<String, String>> parts) {
    return new Check() {
      @Override
      public String name() {
        return name;
      }

      @Override
      public String reason() {
        return parts().values().stream().filter(reason -> !reason.isEmpty()).findFirst().orElse("");
      }

      @Override
      public Map<String, String> parts() {
        return Objects.requireNonNull(parts.get());
      }
    };
  }
}
