package io.ringmaster.proxy.health;

import java.lang.module.ModuleDescriptor.Version;
import java.util.Map;
import java.util.Set;

/** Versions of servers, such as 7.0.15. */
public final class Versions {

  /** The products whose behaviour under faults was tried, by major and minor version. */
  private static final Map<String, Set<String>> TRIED =
      Map.of(
          "Redis", Set.of("6.2", "7.0", "7.2", "7.4", "8.0"),
          "Valkey", Set.of("8.0", "9.1"));

  private Versions() {}

  /** Whether {@code version} is older than {@code than}; an unknown one is not. */
  public static boolean isOlder(String version, String than) {
    return !version.isEmpty() && Version.parse(version).compareTo(Version.parse(than)) < 0;
  }

  /** Whether the server that answers {@code info} is of a minor version that was tried. */
  static boolean wasTried(Map<String, String> info) {
    String[] parts = version(info).split("\\.", 3);
    return parts.length >= 2
        && TRIED.getOrDefault(name(info), Set.of()).contains(parts[0] + "." + parts[1]);
  }

  /** Name and version of the server that answers {@code info}. */
  static String product(Map<String, String> info) {
    String version = version(info);
    return name(info) + " " + (version.isEmpty() ? "of an unknown version" : version);
  }

  /** Forks go on to tell which version of Redis they are compatible with. */
  private static String name(Map<String, String> info) {
    if (info.containsKey("valkey_version")) {
      return "Valkey";
    }
    return info.getOrDefault("server_name", "Redis");
  }

  private static String version(Map<String, String> info) {
    return info.getOrDefault("valkey_version", info.getOrDefault("redis_version", ""));
  }
}
