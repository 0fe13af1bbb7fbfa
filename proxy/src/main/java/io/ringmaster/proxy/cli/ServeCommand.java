package io.ringmaster.proxy.cli;

import io.ringmaster.proxy.config.Settings;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code ringmaster serve}: a proxy in front of servers that exist. */
@Command(name = "serve", description = "Serve in front of servers that exist.")
final class ServeCommand implements Callable<Integer> {
  @Mixin private final ServerOptions options = new ServerOptions();

  @Spec
  @SuppressWarnings("NullAway.Init") // set by picocli before call()
  private CommandSpec spec;

  @Override
  public Integer call() {
    Settings settings = options.source().read();
    try (Running running = new Running()) {
      return running.serve(settings, spec.commandLine().getOut());
    }
  }
}
