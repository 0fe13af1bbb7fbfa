package io.ringmaster.protocol;

import java.util.HashMap;
import java.util.Map;

/** The text that a server answers to {@code INFO}: lines of name, colon and value. */
public final class InfoFields {

  private InfoFields() {}

  /** The values by their names; headings and empty lines are left out. */
  public static Map<String, String> parse(String text) {
    Map<String, String> fields = new HashMap<>();
    text.lines()
        .forEach(
            line -> {
              int colon = line.indexOf(':');
              if (colon > 0) {
                fields.put(line.substring(0, colon), line.substring(colon + 1));
              }
            });
    return fields;
  }
}
