package io.ringmaster.proxy.local;

import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The text of INFO as sections of fields, and how those of several servers make one. */
final class InfoText {

  private static final Pattern COUNTER =
      Pattern.compile(
          "used_memory(_rss|_peak|_lua|_dataset|_scripts)?|mem_.*|total_.*|expired_.*|evicted_.*"
              + "|keyspace_.*|maxmemory|blocked_clients|rdb_changes_since_last_save|instantaneous_.*"
              + "|used_cpu_.*|tracking_.*|sync_.*|pubsub_.*|connected_slaves|number_of_.*"
              + "|active_defrag_.*|lazyfree.*");
  private static final Pattern KEYSPACE =
      Pattern.compile("keys=(\\d+),expires=(\\d+),avg_ttl=(\\d+)");

  private InfoText() {}

  /** Sections and their fields, of a bulk or verbatim reply frame. */
  static Map<String, Map<String, String>> parse(byte[] frame) {
    Map<String, Map<String, String>> sections = new LinkedHashMap<>();
    Map<String, String> section = new LinkedHashMap<>();
    for (String line : new String(frame, StandardCharsets.UTF_8).split("\r?\n")) {
      int hash = line.indexOf("# ");
      int colon = line.indexOf(':');
      if (hash == 0 || line.startsWith("txt:# ")) {
        section = sections.computeIfAbsent(line.substring(hash + 2), name -> new LinkedHashMap<>());
      } else if (colon > 0) {
        section.put(line.substring(0, colon), line.substring(colon + 1));
      }
    }
    return sections;
  }

  /** Counters add up, key spaces too; of everything else the first server's value stands. */
  static Map<String, Map<String, String>> merge(List<Map<String, Map<String, String>>> servers) {
    Map<String, Map<String, String>> merged = new LinkedHashMap<>();
    for (Map<String, Map<String, String>> server : servers) {
      server.forEach(
          (section, fields) -> {
            Map<String, String> into =
                merged.computeIfAbsent(section, name -> new LinkedHashMap<>());
            fields.forEach(
                (field, value) -> into.merge(field, value, (one, other) -> add(field, one, other)));
          });
    }
    return merged;
  }

  /** Leaves out the databases that clients do not have. */
  static void keepDatabases(Map<String, Map<String, String>> sections, int count) {
    sections
        .getOrDefault("Keyspace", Map.of())
        .keySet()
        .removeIf(
            field -> field.matches("db\\d{1,9}") && Integer.parseInt(field.substring(2)) >= count);
  }

  static String print(Map<String, Map<String, String>> sections) {
    StringBuilder text = new StringBuilder();
    sections.forEach(
        (section, fields) -> {
          text.append(text.isEmpty() ? "# " : "\r\n# ").append(section).append("\r\n");
          fields.forEach(
              (field, value) -> text.append(field).append(':').append(value).append("\r\n"));
        });
    return text.toString();
  }

  private static String add(String field, String one, String other) {
    Matcher left = KEYSPACE.matcher(one);
    Matcher right = KEYSPACE.matcher(other);
    if (left.find() && right.find()) {
      return keyspace(left, right);
    }
    if (!COUNTER.matcher(field).matches()) {
      return one;
    }
    try {
      return Long.toString(Long.parseLong(one) + Long.parseLong(other));
    } catch (NumberFormatException notWhole) {
      return addReal(one, other);
    }
  }

  private static String addReal(String one, String other) {
    try {
      return String.format(
          Locale.ROOT, "%.6f", Double.parseDouble(one) + Double.parseDouble(other));
    } catch (NumberFormatException notNumeric) {
      return one;
    }
  }

  private static String keyspace(Matcher left, Matcher right) {
    long expires = Long.parseLong(left.group(2)) + Long.parseLong(right.group(2));
    long timeToLive = weighted(left) + weighted(right);
    return "keys="
        + (Long.parseLong(left.group(1)) + Long.parseLong(right.group(1)))
        + (",expires=" + expires)
        + (",avg_ttl=" + (expires == 0 ? 0 : timeToLive / expires));
  }

  private static long weighted(Matcher keyspace) {
    return Long.parseLong(keyspace.group(2)) * Long.parseLong(keyspace.group(3));
  }
}
