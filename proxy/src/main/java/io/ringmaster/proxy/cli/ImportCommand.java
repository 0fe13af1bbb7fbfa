package io.ringmaster.proxy.cli;

import io.ringmaster.cluster.replication.Marker;
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
import org.apache.commons.cli.Options;
import org.apache.commons.cli.ParseException;

/** {@code ringmaster import}: takes over servers that run already, with their data. */
final class ImportCommand implements Subcommand {
  private static final int REFUSED = 1;
  private static final Duration TIMEOUT = Duration.ofSeconds(5);

  @Override
  public String name() {
    return "import";
  }

  @Override
  public String description() {
    return "Take over a server, or a master with its replicas and Sentinels, with the data.";
  }

  @Override
  public Options options() {
    return SettingsOptions.all()
        .addOption(
            Call.option("from", "HOST:PORT", "The master, or one of the Sentinels that watch it."))
        .addOption(
            Call.option(
                "master",
                "NAME",
                "What the Sentinels call it; may be left out if they watch no other."))
        .addOption(
            Call.option(
                "to",
                "HOST:PORT[,...]",
                "The coordinators, where their clients connect. May be repeated."))
        .addOption(Call.flag("apply", "Do it; else only look, and print the plan."))
        .addOption(
            Call.option(
                "sentinel-user",
                "NAME",
                "User at the Sentinels; the password is $RINGMASTER_SENTINEL_PASSWORD."))
        .addOption(
            Call.option(
                "to-user",
                "NAME",
                "User at the coordinators; the password is $RINGMASTER_PASSWORD."));
  }

  @Override
  public int run(Call call) throws ParseException {
    boolean apply = call.has("apply");
    if (apply && !call.has("to")) {
      throw new ParseException("--apply needs --to");
    }
    Adoption.Order order = order(call);
    PrintWriter out = call.out();
    try (ServerLinks links = new ServerLinks(TIMEOUT)) {
      Adoption adoption = new Adoption(order, links);
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

  private static Adoption.Order order(Call call) throws ParseException {
    String from =
        call.text("from").orElseThrow(() -> new ParseException("--from HOST:PORT is missing"));
    List<NodeId> to = new ArrayList<>();
    for (String given : call.texts("to")) {
      for (String address : given.split(",", -1)) {
        to.add(address(address));
      }
    }
    // Those that are configured are others, or the same, and are found anyway.
    SettingsOptions options = new SettingsOptions(call);
    SettingsSource source = options.source("ringmaster.conf", true);
    options.override(source);
    Settings settings = source.readWithoutShards();
    return new Adoption.Order(
        address(from),
        call.text("master").orElse(""),
        to,
        new Access(settings.backend().username(), settings.backend().password()),
        access(call, "sentinel-user", "RINGMASTER_SENTINEL_PASSWORD"),
        access(call, "to-user", "RINGMASTER_PASSWORD"),
        settings.backend().databases(),
        new Marker(settings.backend().markerDatabase()),
        settings.consistency().untestedVersions() == Settings.UntestedVersions.ALLOW);
  }

  private static NodeId address(String text) throws ParseException {
    try {
      return NodeId.parse(text);
    } catch (InvalidTopologyException e) {
      throw new ParseException(e.getMessage());
    }
  }

  private static Access access(Call call, String user, String password) throws ParseException {
    return new Access(call.text(user).orElse(""), environment(password));
  }

  private static Secret environment(String name) {
    String value = System.getenv(name);
    return new Secret(value == null ? "" : value);
  }
}
