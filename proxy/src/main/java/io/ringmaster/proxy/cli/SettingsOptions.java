package io.ringmaster.proxy.cli;

import io.ringmaster.proxy.config.SettingsSource;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The options by which a command takes its settings. */
final class SettingsOptions {
  /** System property with the folder of the installation, set by the start script. */
  private static final String HOME = "ringmaster.home";

  @Option(names = "--config", paramLabel = "FILE", description = "Configuration (HOCON).")
  private @Nullable Path config;

  @Option(
      names = "--port",
      paramLabel = "PORT",
      description = "Port for clients, 0 for any free one.")
  private @Nullable Integer port;

  @Option(
      names = "--set",
      paramLabel = "KEY=VALUE",
      description = "Set one value, over the file. May be repeated.")
  private List<String> assignments = new ArrayList<>();

  /** The file of the option, or else the one of this name in the installation, when it is there. */
  SettingsSource source(String defaultName, boolean wanted) {
    SettingsSource source = new SettingsSource();
    file(defaultName, wanted).ifPresent(source::file);
    return source;
  }

  private Optional<Path> file(String defaultName, boolean wanted) {
    if (config != null || !wanted) {
      return Optional.ofNullable(config);
    }
    Path standard = Path.of(System.getProperty(HOME, "."), "conf", defaultName);
    return Optional.of(standard).filter(Files::exists);
  }

  /** File and values, but not the port, as another process takes them. */
  List<String> arguments(String defaultName) {
    List<String> arguments = new ArrayList<>();
    file(defaultName, true)
        .ifPresent(file -> arguments.addAll(List.of("--config", file.toString())));
    assignments.forEach(assignment -> arguments.addAll(List.of("--set", assignment)));
    return arguments;
  }

  /** Lays the options over the file; {@code --set} is the last word. */
  void override(SettingsSource source) {
    if (port != null) {
      source.set("--port", "listen.port", port);
    }
    assignments.forEach(source::set);
  }
}
