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
import java.util.stream.Collectors;
import org.apache.commons.cli.Options;
import org.apache.commons.cli.ParseException;

/** {@code ringmaster demo}: starts its own servers, and the proxy in front of them. */
final class DemoCommand implements Subcommand {
  private static final String CONFIGURATION = "demo.conf";
  private static final int SHARDS = 3;
  private static final int NODES = 3;
  private static final int MOST_SERVERS = 200;
  private static final int MOST_COORDINATORS = 9;

  @Override
  public String name() {
    return "demo";
  }

  @Override
  public String description() {
    return "Start own Redis servers and the proxy in front of them.";
  }

  @Override
  public Options options() {
    return SettingsOptions.all()
        .addOption(Call.option("shards", "N", "Shards (" + SHARDS + ")."))
        .addOption(Call.option("nodes", "N", "Servers per shard (" + NODES + ")."))
        .addOption(
            Call.option(
                "coordinators",
                "N",
                "Coordinators, on ports P, P+1 and so on, that keep the topology together (none)."))
        .addOption(
            Call.option("dir", "DIR", "Keep data and logs here; else in a temporary folder."));
  }

  @Override
  public int run(Call call) throws ParseException {
    int shards = call.number("shards").orElse(SHARDS);
    int nodes = call.number("nodes").orElse(NODES);
    int coordinators = call.number("coordinators").orElse(0);
    if (shards < 1 || nodes < 1 || (long) shards * nodes > MOST_SERVERS) {
      throw new ParseException(
          "--shards and --nodes: 1 or more, together at most " + MOST_SERVERS + " servers");
    }
    if (coordinators < 0 || coordinators > MOST_COORDINATORS) {
      throw new ParseException("--coordinators: 0 to " + MOST_COORDINATORS);
    }
    SettingsOptions options = new SettingsOptions(call);
    SettingsSource source = options.source(CONFIGURATION, true);
    options.override(source);
    Settings settings = source.readWithoutShards();
    try (Running running = new Running()) {
      Optional<Path> directory = call.text("dir").map(Path::of);
      DemoDirectory home = running.add(DemoDirectory.open(directory));
      List<Shard> started = startServers(settings, home, running, shards, nodes, call.out());
      if (coordinators > 0) {
        DemoCoordinators group = running.add(new DemoCoordinators(home, coordinators));
        group.configureFirst(source);
        startOthers(group, settings, started, options, running, call.out());
        settings = source.readWithoutShards();
      }
      return running.serve(settings.withShards(started), call.out());
    }
  }

  /** The first coordinator is this process. */
  private static void startOthers(
      DemoCoordinators group,
      Settings settings,
      List<Shard> shards,
      SettingsOptions options,
      Running running,
      PrintWriter out)
      throws ParseException {
    group.startOthers(settings.listen().port(), shards, options.arguments(CONFIGURATION));
    running.whenReady(
        () -> {
          for (String address : group.awaitOthers()) {
            out.printf("another coordinator on %s%n", address);
          }
        });
  }

  /** Those of clients, and that of the marker. */
  private static int databases(Settings settings) {
    Settings.Backend backend = settings.backend();
    return Math.max(backend.databases(), backend.markerDatabase() + 1);
  }

  private static List<Shard> startServers(
      Settings settings,
      DemoDirectory home,
      Running running,
      int shards,
      int nodes,
      PrintWriter out) {
    Path binary = RedisBinary.locate(settings.demo().server(), System.getenv(), home.path());
    DemoCluster cluster = running.add(new DemoCluster(binary, home, databases(settings)));
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
