package io.ringmaster.proxy.http;

import java.util.Map;
import java.util.Objects;
import java.util.function.Supplier;

/**
 * A condition of this process being live, or ready. Asked at each HTTP request, on the HTTP thread:
 * it answers at once, from what is known.
 */
public interface Check {

  /** Returns the name of the condition, in one word. */
  String name();

  /** Returns the reason why the condition fails; empty if it holds. */
  String reason();

  /** Returns the reasons of its parts, where it has some, by their names. */
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
