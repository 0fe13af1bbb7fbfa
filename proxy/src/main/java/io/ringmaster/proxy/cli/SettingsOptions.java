package io.ringmaster.proxy.cli;

import io.ringmaster.proxy.config.SettingsSource;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.apache.commons.cli.Options;
import org.apache.commons.cli.ParseException;

/** The options by which a command takes its settings, as they were given in {@code call}. */
record SettingsOptions(Call call) {
  /** System property with the folder of the installation, set by the start script. */
  private static final String HOME = "ringmaster.home";

  static Options all() {
    return new Options()
        .addOption(Call.option("config", "FILE", "Configuration (HOCON)."))
        .addOption(Call.option("port", "PORT", "Port for clients, 0 for any free one."))
        .addOption(
            Call.option("set", "KEY=VALUE", "Set one value, over the file. May be repeated."));
  }

  /** The file of the option, or else the one of this name in the installation, when it is there. */
  SettingsSource source(String defaultName, boolean wanted) throws ParseException {
    SettingsSource source = new SettingsSource();
    file(defaultName, wanted).ifPresent(source::file);
    return source;
  }

  /** The file of the option, or else the one of this name in the installation, if it is wanted. */
  Optional<Path> file(String defaultName, boolean wanted) throws ParseException {
    Optional<String> config = call.text("config");
    if (config.isPresent() || !wanted) {
      return config.map(Path::of);
    }
    Path standard = Path.of(System.getProperty(HOME, "."), "conf", defaultName);
    return Optional.of(standard).filter(Files::exists);
  }

  /** File and values, but not the port, as another process takes them. */
  List<String> arguments(String defaultName) throws ParseException {
    List<String> arguments = new ArrayList<>();
    file(defaultName, true)
        .ifPresent(file -> arguments.addAll(List.of("--config", file.toString())));
    call.texts("set").forEach(assignment -> arguments.addAll(List.of("--set", assignment)));
    return arguments;
  }

  /** Lays the options over the file; {@code --set} is the last word. */
  void override(SettingsSource source) throws ParseException {
    OptionalInt port = call.number("port");
    if (port.isPresent()) {
      source.set("--port", "listen.port", port.getAsInt());
    }
    call.texts("set").forEach(source::set);
  }
}
