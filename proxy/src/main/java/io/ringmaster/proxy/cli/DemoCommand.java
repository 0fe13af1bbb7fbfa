package io.ringmaster.proxy.cli;

import io.ringmaster.proxy.config.Settings;
import io.ringmaster.proxy.config.Settings.Shard;
import io.ringmaster.proxy.config.SettingsSource;
import io.ringmaster.proxy.demo.DemoCluster;
import io.ringmaster.proxy.demo.DemoDirectory;
import io.ringmaster.proxy.demo.RedisBinary;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code ringmaster demo}: starts its own servers, and the proxy in front of them. */
@Command(name = "demo", description = "Start own Redis servers and the proxy in front of them.")
final class DemoCommand implements Callable<Integer> {
  private static final int MOST_SERVERS = 200;

  @Mixin private final SettingsOptions options = new SettingsOptions();

  @Option(
      names = "--shards",
      paramLabel = "N",
      defaultValue = "3",
      description = "Shards (${DEFAULT-VALUE}).")
  private int shards;

  @Option(
      names = "--nodes",
      paramLabel = "N",
      defaultValue = "3",
      description = "Servers per shard (${DEFAULT-VALUE}).")
  private int nodes;

  @Option(
      names = "--dir",
      paramLabel = "DIR",
      description = "Keep data and logs here; else in a temporary folder.")
  private @Nullable Path directory;

  @Spec
  @SuppressWarnings("NullAway.Init") // set by picocli before call()
  private CommandSpec spec;

  @Override
  public Integer call() {
    if (shards < 1 || nodes < 1 || (long) shards * nodes > MOST_SERVERS) {
      throw new ParameterException(
          spec.commandLine(),
          "--shards and --nodes: 1 or more, together at most " + MOST_SERVERS + " servers");
    }
    SettingsSource source = options.source("demo.conf", true);
    options.override(source);
    Settings settings = source.readWithoutShards();
    PrintWriter out = spec.commandLine().getOut();
    try (Running running = new Running()) {
      return running.serve(settings.withShards(startServers(settings, running, out)), out);
    }
  }

  private List<Shard> startServers(Settings settings, Running running, PrintWriter out) {
    DemoDirectory home = running.add(DemoDirectory.open(Optional.ofNullable(directory)));
    Path binary = RedisBinary.locate(settings.demo().server(), System.getenv(), home.path());
    DemoCluster cluster = running.add(new DemoCluster(binary, home));
    List<Shard> started = cluster.start(shards, nodes);
    out.printf(
        "%d shards x %d servers (%s), data and logs in %s%n", shards, nodes, binary, home.path());
    for (Shard shard : started) {
      String replicas =
          shard.replicas().stream().map(Object::toString).collect(Collectors.joining(" "));
      out.printf(
          "  %s leader %s replicas %s%n",
          shard.id(), shard.leader(), replicas.isEmpty() ? "none" : replicas);
    }
    return started;
  }
}
