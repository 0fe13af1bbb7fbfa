package io.ringmaster.proxy.config;

import static org.assertj.core.api.Assertions.assertThat;

import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigObject;
import com.typesafe.config.ConfigRenderOptions;
import com.typesafe.config.ConfigValue;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/**
 * {@code docs/configuration.md} says what {@code reference.conf} says; a system property writes it.
 */
class ConfigurationDocumentTest {
  private static final Path DOCUMENT = Path.of("..", "docs", "configuration.md");

  private static final String HEAD =
      """
      # Configuration

      Written from `proxy/src/main/resources/reference.conf`, which holds every default; do not edit here.

      The format is [HOCON](https://github.com/lightbend/config/blob/main/HOCON.md). A file names only what differs from the
      defaults; `conf/ringmaster.conf` is a template. Later ones win: defaults, the file of `--config`, `--shard`, `--threads` and
      `--port`, `--set key=value`. Durations carry a unit (`50ms`, `10s`, `5m`); sizes are bytes or carry one (`64k`, `1m`, `2g`,
      powers of 1024). `${?NAME}` takes a value from the environment. An unknown key, a wrong type or a value out of range is an
      error: `bin/ringmaster check` lists all of them with file, line and what is allowed.
      """;

  @Test
  void saysWhatTheReferenceSays() throws IOException {
    String expected = document();
    if ("write".equals(System.getProperty("ringmaster.document"))) {
      Files.writeString(DOCUMENT, expected);
    }

    assertThat(Files.readString(DOCUMENT)).isEqualTo(expected);
  }

  private static String document() {
    ConfigObject reference = ConfigFactory.parseResources("reference.conf").root();
    StringBuilder text = new StringBuilder(HEAD);
    inOrder(reference)
        .forEach(
            entry -> {
              text.append("\n## `").append(entry.getKey()).append("`\n\n");
              text.append(explanation(entry.getValue())).append('\n');
              if (entry.getValue() instanceof ConfigObject section) {
                text.append("\n| key | default | |\n|---|---|---|\n");
                rows(entry.getKey(), section, text);
              }
            });
    return text.toString();
  }

  private static void rows(String path, ConfigObject section, StringBuilder text) {
    inOrder(section)
        .forEach(
            entry -> {
              String key = path + "." + entry.getKey();
              if (entry.getValue() instanceof ConfigObject inner) {
                rows(key, inner, text);
                return;
              }
              assertThat(explanation(entry.getValue())).as(key).isNotEmpty();
              String value = entry.getValue().render(ConfigRenderOptions.concise());
              text.append(
                  "| `%s` | `%s` | %s |\n".formatted(key, value, explanation(entry.getValue())));
            });
  }

  private static List<Map.Entry<String, ConfigValue>> inOrder(ConfigObject object) {
    return object.entrySet().stream()
        .sorted(Comparator.comparingInt(entry -> entry.getValue().origin().lineNumber()))
        .toList();
  }

  private static String explanation(ConfigValue value) {
    return value.origin().comments().stream().map(String::strip).collect(Collectors.joining(" "));
  }
}
