package io.ringmaster.proxy.health;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Pattern;

/** What clients may see of a server's answer to {@code CONFIG GET}. */
public final class ServerParameters {

  /** Those that Redis and Valkey call sensitive, and what newer ones may add to them. */
  private static final Pattern SENSITIVE =
      Pattern.compile(".*(pass|secret|token|credential).*|(master|primary)(auth|user)");

  private ServerParameters() {}

  /** Returns the same parameters, the sensitive ones with an empty value. */
  public static Map<String, String> withoutSecrets(Map<String, String> told) {
    Map<String, String> shown = new LinkedHashMap<>();
    told.forEach((name, value) -> shown.put(name, SENSITIVE.matcher(name).matches() ? "" : value));
    return shown;
  }
}
