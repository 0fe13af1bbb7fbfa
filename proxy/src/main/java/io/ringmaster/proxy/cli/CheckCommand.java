package io.ringmaster.proxy.cli;

import io.ringmaster.proxy.config.Settings;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code ringmaster check}: says what is wrong with a configuration, or that nothing is. */
@Command(name = "check", description = "Check a configuration and print every problem of it.")
final class CheckCommand implements Callable<Integer> {
  @Mixin private final ServerOptions options = new ServerOptions();

  @Spec
  @SuppressWarnings("NullAway.Init") // set by picocli before call()
  private CommandSpec spec;

  @Override
  public Integer call() {
    Settings settings = options.source().read();
    int nodes = settings.shards().stream().mapToInt(shard -> 1 + shard.replicas().size()).sum();
    spec.commandLine()
        .getOut()
        .printf("configuration is valid: %d shards, %d nodes%n", settings.shards().size(), nodes);
    return 0;
  }
}
