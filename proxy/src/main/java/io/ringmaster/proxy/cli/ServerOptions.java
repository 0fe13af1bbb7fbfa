package io.ringmaster.proxy.cli;

import io.ringmaster.proxy.config.SettingsSource;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The options of a proxy in front of servers that exist. */
final class ServerOptions {
  @Mixin private final SettingsOptions common = new SettingsOptions();

  @Option(names = "--threads", paramLabel = "N", description = "Data loops, 0 for one per core.")
  private @Nullable Integer threads;

  @Option(
      names = "--shard",
      paramLabel = "LEADER[,REPLICA...]",
      description = "A shard, HOST:PORT of its nodes. May be repeated; replaces those of the file.")
  private List<String> shards = new ArrayList<>();

  /** What is to be served: without a file and without shards, the template of the installation. */
  SettingsSource source() {
    SettingsSource source = common.source("ringmaster.conf", shards.isEmpty());
    if (threads != null) {
      source.set("--threads", "listen.threads", threads);
    }
    if (!shards.isEmpty()) {
      source.shards(shards);
    }
    common.override(source);
    return source;
  }
}
