package io.ringmaster.proxy.cli;

import io.ringmaster.cluster.topology.InvalidTopologyException;
import io.ringmaster.cluster.topology.NodeId;
import io.ringmaster.proxy.adoption.Access;
import io.ringmaster.proxy.adoption.Adoption;
import io.ringmaster.proxy.adoption.Plan;
import io.ringmaster.proxy.adoption.ServerLinks;
import io.ringmaster.proxy.config.Secret;
import io.ringmaster.proxy.config.Settings;
import io.ringmaster.proxy.config.SettingsSource;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code ringmaster import}: takes over servers that run already, with their data. */
@Command(
    name = "import",
    description = "Take over a server, or a master with its replicas and Sentinels, with the data.")
final class ImportCommand implements Callable<Integer> {
  private static final int REFUSED = 1;
  private static final Duration TIMEOUT = Duration.ofSeconds(5);

  @Mixin private final SettingsOptions options = new SettingsOptions();

  @Option(
      names = "--from",
      paramLabel = "HOST:PORT",
      required = true,
      description = "The master, or one of the Sentinels that watch it.")
  @SuppressWarnings("NullAway.Init") // set by picocli before call()
  private String from;

  @Option(
      names = "--master",
      paramLabel = "NAME",
      defaultValue = "",
      description = "What the Sentinels call it; may be left out if they watch no other.")
  @SuppressWarnings("NullAway.Init") // set by picocli before call()
  private String master;

  @Option(
      names = "--to",
      paramLabel = "HOST:PORT",
      split = ",",
      description = "The coordinators, where their clients connect. May be repeated.")
  private List<String> to = new ArrayList<>();

  @Option(names = "--apply", description = "Do it; else only look, and print the plan.")
  private boolean apply;

  @Option(
      names = "--sentinel-user",
      paramLabel = "NAME",
      defaultValue = "",
      description = "User at the Sentinels; the password is $RINGMASTER_SENTINEL_PASSWORD.")
  @SuppressWarnings("NullAway.Init") // set by picocli before call()
  private String sentinelUser;

  @Option(
      names = "--to-user",
      paramLabel = "NAME",
      defaultValue = "",
      description = "User at the coordinators; the password is $RINGMASTER_PASSWORD.")
  @SuppressWarnings("NullAway.Init") // set by picocli before call()
  private String coordinatorUser;

  @Spec
  @SuppressWarnings("NullAway.Init") // set by picocli before call()
  private CommandSpec spec;

  @Override
  public Integer call() {
    if (apply && to.isEmpty()) {
      throw new ParameterException(spec.commandLine(), "--apply needs --to");
    }
    Settings settings = settings();
    PrintWriter out = spec.commandLine().getOut();
    try (ServerLinks links = new ServerLinks(TIMEOUT)) {
      Adoption adoption = new Adoption(order(settings), links);
      Plan plan = adoption.plan();
      out.print(plan.text());
      if (!plan.isPossible()) {
        out.println("refused: an obstacle is in the way; nothing was changed");
        return REFUSED;
      }
      if (!apply) {
        out.println("nothing was changed; --to and --apply do it");
        return 0;
      }
      adoption.apply(plan, out::println);
      return 0;
    } finally {
      out.flush();
    }
  }

  /** Without shards: those that are configured are others, or the same, and are found anyway. */
  private Settings settings() {
    SettingsSource source = options.source("ringmaster.conf", true);
    options.override(source);
    return source.readWithoutShards();
  }

  private Adoption.Order order(Settings settings) {
    return new Adoption.Order(
        address(from),
        master,
        to.stream().map(this::address).toList(),
        new Access(settings.backend().username(), settings.backend().password()),
        new Access(sentinelUser, environment("RINGMASTER_SENTINEL_PASSWORD")),
        new Access(coordinatorUser, environment("RINGMASTER_PASSWORD")),
        settings.backend().databases(),
        settings.consistency().untestedVersions() == Settings.UntestedVersions.ALLOW);
  }

  private NodeId address(String text) {
    try {
      return NodeId.parse(text);
    } catch (InvalidTopologyException e) {
      throw new ParameterException(spec.commandLine(), "" + e.getMessage(), e);
    }
  }

  private static Secret environment(String name) {
    String value = System.getenv(name);
    return new Secret(value == null ? "" : value);
  }
}
