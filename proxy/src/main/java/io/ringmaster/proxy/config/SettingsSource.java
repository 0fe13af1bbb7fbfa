package io.ringmaster.proxy.config;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigParseOptions;
import com.typesafe.config.ConfigSyntax;
import com.typesafe.config.ConfigUtil;
import com.typesafe.config.ConfigValue;
import com.typesafe.config.ConfigValueFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Where settings come from: {@code reference.conf}, over it at most one file, over that the command
 * line, in the order given. Mistakes are collected until {@link #read}, so that a user sees all of
 * them at once.
 */
public final class SettingsSource {
  private final List<Problem> problems = new ArrayList<>();
  private Config merged =
      ConfigFactory.parseResources(SettingsSource.class.getClassLoader(), "reference.conf");

  /** Adds a file of HOCON, over what is there. */
  public SettingsSource file(Path file) {
    if (!Files.isRegularFile(file) || !Files.isReadable(file)) {
      problems.add(new Problem(file.toString(), "", "cannot be read", "a file of HOCON"));
      return this;
    }
    try {
      ConfigParseOptions options = ConfigParseOptions.defaults().setSyntax(ConfigSyntax.CONF);
      return over(ConfigFactory.parseFile(file.toFile(), options));
    } catch (ConfigException e) {
      problems.add(syntax(e, file.toString()));
      return this;
    }
  }

  /**
   * Adds one value as the command line has it: a path and HOCON text; text that is no HOCON is
   * taken as it stands.
   */
  public SettingsSource set(String assignment) {
    int equals = assignment.indexOf('=');
    String option = "--set " + assignment;
    if (equals < 1) {
      problems.add(new Problem(option, "", "not an assignment", "key=value"));
      return this;
    }
    try {
      List<String> path = ConfigUtil.splitPath(assignment.substring(0, equals).strip());
      ConfigValue value = valueOf(assignment.substring(equals + 1).strip(), option);
      return over(value.atPath(ConfigUtil.joinPath(path)));
    } catch (ConfigException e) {
      problems.add(syntax(e, option));
      return this;
    }
  }

  /** Adds one value that an option of its own carries, {@code --port 7379}. */
  public SettingsSource set(String option, String path, int value) {
    return over(ConfigValueFactory.fromAnyRef(value, option).atPath(path));
  }

  /**
   * Replaces all shards by these, each a leader and its replicas: {@code host:port,host:port}; they
   * are called s1, s2 and so on.
   */
  public SettingsSource shards(List<String> lines) {
    List<ConfigValue> entries = new ArrayList<>();
    for (String line : lines) {
      List<String> nodes = List.of(line.split(",", -1));
      Map<String, Object> shard =
          Map.of(
              "id", "s" + (entries.size() + 1),
              "leader", nodes.getFirst(),
              "replicas", nodes.subList(1, nodes.size()));
      entries.add(ConfigValueFactory.fromMap(shard, "--shard " + line));
    }
    return over(ConfigValueFactory.fromIterable(entries, "--shard").atPath("shards"));
  }

  /**
   * All settings, checked, with at least one shard.
   *
   * @throws SettingsException with every problem there is
   */
  public Settings read() {
    Settings settings = collect();
    if (settings.shards().isEmpty() && problems.isEmpty()) {
      ConfigValue shards = merged.root().get("shards");
      String where = shards == null ? "shards" : Section.where(shards.origin());
      problems.add(
          new Problem(where, "shards", "no shard", "at least one, here or as --shard HOST:PORT"));
    }
    return valid(settings);
  }

  /**
   * All settings, checked; there may be no shard.
   *
   * @throws SettingsException with every problem there is
   */
  public Settings readWithoutShards() {
    return valid(collect());
  }

  private Settings collect() {
    try {
      return new SettingsReader(problems).read(merged.resolve().root());
    } catch (ConfigException e) {
      problems.add(syntax(e, "configuration"));
      throw new SettingsException(problems);
    }
  }

  private Settings valid(Settings settings) {
    if (!problems.isEmpty()) {
      throw new SettingsException(problems);
    }
    return settings;
  }

  private SettingsSource over(Config config) {
    merged = config.withFallback(merged);
    return this;
  }

  private static ConfigValue valueOf(String text, String option) {
    ConfigParseOptions options = ConfigParseOptions.defaults().setOriginDescription(option);
    try {
      return ConfigFactory.parseString("value = " + text, options).resolve().getValue("value");
    } catch (ConfigException ignored) {
      return ConfigValueFactory.fromAnyRef(text, option);
    }
  }

  private static Problem syntax(ConfigException e, String source) {
    String message = String.valueOf(e.getMessage());
    if (e.origin() == null) {
      return new Problem(source, "", message, "");
    }
    String prefix = e.origin().description() + ": ";
    String mistake = message.startsWith(prefix) ? message.substring(prefix.length()) : message;
    return new Problem(Section.where(e.origin()), "", mistake, "");
  }
}
