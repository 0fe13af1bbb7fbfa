package io.ringmaster.proxy.cli;

import io.ringmaster.proxy.config.Settings;
import java.nio.file.Path;
import org.apache.commons.cli.Options;
import org.apache.commons.cli.ParseException;

/** {@code ringmaster serve}: a proxy in front of servers that exist. */
final class ServeCommand implements Subcommand {

  @Override
  public String name() {
    return "serve";
  }

  @Override
  public String description() {
    return "Serve in front of servers that exist.";
  }

  @Override
  public Options options() {
    return ServerOptions.all();
  }

  @Override
  public int run(Call call) throws ParseException {
    ServerOptions options = new ServerOptions(call);
    options.template().ifPresent(file -> announce(file, call));
    Settings settings = options.source().read();
    try (Running running = new Running()) {
      return running.serve(settings, call.out());
    }
  }

  private static void announce(Path file, Call call) {
    call.err()
        .println("ringmaster: no --config and no --shard, so it serves what " + file + " says");
  }
}
