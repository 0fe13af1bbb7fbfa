package io.ringmaster.proxy.cli;

import io.ringmaster.proxy.config.SettingsSource;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.apache.commons.cli.Options;
import org.apache.commons.cli.ParseException;

/** The options of a proxy in front of servers that exist, as they were given in {@code call}. */
record ServerOptions(Call call) {
  private static final String TEMPLATE = "ringmaster.conf";

  static Options all() {
    return SettingsOptions.all()
        .addOption(Call.option("threads", "N", "Data loops, 0 for one per core."))
        .addOption(
            Call.option(
                "shard",
                "LEADER[,REPLICA...]",
                "A shard, HOST:PORT of its nodes. May be repeated; replaces those of the file."));
  }

  /** Returns the template of the installation if nobody has said what else is to be served. */
  Optional<Path> template() throws ParseException {
    boolean nothingElse = !call.has("config") && !call.has("shard");
    return nothingElse ? new SettingsOptions(call).file(TEMPLATE, true) : Optional.empty();
  }

  /** What is to be served: without a file and without shards, the template of the installation. */
  SettingsSource source() throws ParseException {
    SettingsOptions common = new SettingsOptions(call);
    List<String> shards = call.texts("shard");
    SettingsSource source = common.source(TEMPLATE, shards.isEmpty());
    OptionalInt threads = call.number("threads");
    if (threads.isPresent()) {
      source.set("--threads", "listen.threads", threads.getAsInt());
    }
    if (!shards.isEmpty()) {
      source.shards(shards);
    }
    common.override(source);
    return source;
  }
}
