package io.ringmaster.proxy.metadata.log;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigParseOptions;
import com.typesafe.config.ConfigRenderOptions;
import com.typesafe.config.ConfigSyntax;
import com.typesafe.config.ConfigValueFactory;
import java.util.Map;

/** JSON as one line of text, its keys in alphabetical order. */
public final class Json {

  private static final ConfigParseOptions JSON =
      ConfigParseOptions.defaults().setSyntax(ConfigSyntax.JSON);

  private Json() {}

  /** Returns {@code value} in one line. */
  public static String line(Map<String, ?> value) {
    return ConfigValueFactory.fromMap(value).render(ConfigRenderOptions.concise());
  }

  /**
   * Returns what {@link #line} wrote.
   *
   * @throws com.typesafe.config.ConfigException if the text is something else
   */
  public static Config parsed(String line) {
    return ConfigFactory.parseString(line, JSON);
  }
}
