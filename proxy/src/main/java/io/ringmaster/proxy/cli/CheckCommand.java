package io.ringmaster.proxy.cli;

import io.ringmaster.proxy.config.Settings;
import org.apache.commons.cli.Options;
import org.apache.commons.cli.ParseException;

/** {@code ringmaster check}: says what is wrong with a configuration, or that nothing is. */
final class CheckCommand implements Subcommand {

  @Override
  public String name() {
    return "check";
  }

  @Override
  public String description() {
    return "Check a configuration and print every problem of it.";
  }

  @Override
  public Options options() {
    return ServerOptions.all();
  }

  @Override
  public int run(Call call) throws ParseException {
    Settings settings = new ServerOptions(call).source().read();
    int nodes = settings.shards().stream().mapToInt(shard -> 1 + shard.replicas().size()).sum();
    call.out()
        .printf("configuration is valid: %d shards, %d nodes%n", settings.shards().size(), nodes);
    if (settings.auth().required() && !settings.auth().hasAdministrator()) {
      call.out()
          .println(
              "note: no user has admin = true, so nobody can send commands for administrators");
    }
    Settings.Coordinator coordinator = settings.coordinator();
    if (coordinator.enabled() && isBrief(coordinator)) {
      call.out()
          .printf(
              "note: coordinator.queue-timeout is %d ms, so clients may get -CLUSTERDOWN when a leader"
                  + " and a coordinator are lost at once: that can take %d ms (twice election-timeout,"
                  + " failure.silent, lease)%n",
              coordinator.queueTimeout().toMillis(), coordinator.longestFailover().toMillis());
    }
    return 0;
  }

  private static boolean isBrief(Settings.Coordinator coordinator) {
    return coordinator.queueTimeout().compareTo(coordinator.longestFailover()) <= 0;
  }
}
