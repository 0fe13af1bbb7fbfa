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
  private static final String CONFIGURATION = "demo.conf";
  private static final int MOST_SERVERS = 200;
  private static final int MOST_COORDINATORS = 9;

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
      names = "--coordinators",
      paramLabel = "N",
      defaultValue = "0",
      description =
          "Coordinators, on ports P, P+1 and so on, that keep the topology together (none).")
  private int coordinators;

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
    if (coordinators < 0 || coordinators > MOST_COORDINATORS) {
      throw new ParameterException(spec.commandLine(), "--coordinators: 0 to " + MOST_COORDINATORS);
    }
    SettingsSource source = options.source(CONFIGURATION, true);
    options.override(source);
    Settings settings = source.readWithoutShards();
    PrintWriter out = spec.commandLine().getOut();
    try (Running running = new Running()) {
      DemoDirectory home = running.add(DemoDirectory.open(Optional.ofNullable(directory)));
      List<Shard> started = startServers(settings, home, running, out);
      if (coordinators > 0) {
        settings = startCoordinators(source, settings, started, home, running, out);
      }
      return running.serve(settings.withShards(started), out);
    }
  }

  /** Returns the settings of the first, which is this process. */
  private Settings startCoordinators(
      SettingsSource source,
      Settings settings,
      List<Shard> shards,
      DemoDirectory home,
      Running running,
      PrintWriter out) {
    DemoCoordinators group =
        running.add(new DemoCoordinators(home.path(), home.coordinators(coordinators)));
    group.configureFirst(source);
    group.startOthers(settings.listen().port(), shards, options.arguments(CONFIGURATION));
    running.whenReady(
        () -> {
          for (String address : group.awaitOthers()) {
            out.printf("another coordinator on %s%n", address);
          }
        });
    return source.readWithoutShards();
  }

  private List<Shard> startServers(
      Settings settings, DemoDirectory home, Running running, PrintWriter out) {
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
