package io.ringmaster.proxy.dispatch;

import io.ringmaster.protocol.codec.RequestFrame;
import io.ringmaster.protocol.command.CommandSpec;
import io.ringmaster.proxy.dispatch.Gathering.Merger;
import io.ringmaster.proxy.frontend.ClientConnection;
import java.util.ArrayList;
import java.util.List;

/**
 * SCRIPT LOAD, EXISTS and FLUSH: on every shard, and in the cache of known scripts. A script exists
 * if every shard has it, or it is in the cache and so will be loaded where it is used.
 */
final class ScriptCacheHandler implements CommandHandler {

  private final BroadcastHandler broadcast;
  private final ScriptCache scripts;

  ScriptCacheHandler(BroadcastHandler broadcast, ScriptCache scripts) {
    this.broadcast = broadcast;
    this.scripts = scripts;
  }

  @Override
  public void handle(
      ClientConnection client, CommandSpec command, RequestFrame request, Route route) {
    Merger merger = broadcast.merger(command);
    switch (command.name()) {
      case "script|load" ->
          broadcast.gather(client, command, request, loaded(request.bytes(2), merger), () -> {});
      case "script|exists" ->
          broadcast.gather(client, command, request, existing(request), () -> {});
      default -> {
        if (FlushMode.isValid(request, 2)) {
          scripts.clear();
        }
        broadcast.gather(client, command, request, merger, scripts::flushed);
      }
    }
  }

  private Merger loaded(byte[] body, Merger merger) {
    long generation = scripts.generation();
    return (parts, out, writer) -> {
      if (scripts.generation() == generation) {
        scripts.add(body);
      }
      merger.merge(parts, out, writer);
    };
  }

  private Merger existing(RequestFrame request) {
    long generation = scripts.generation();
    List<byte[]> digests = new ArrayList<>();
    List<Boolean> known = new ArrayList<>();
    for (int i = 2; i < request.count(); i++) {
      digests.add(request.bytes(i));
      known.add(scripts.find(request.bytes(i)) != null);
    }
    return (parts, out, writer) -> {
      parts.forEach(part -> Mergers.line(part.reply()));
      writer.array(digests.size());
      // Known before, and not found faulty since; what came later in the pipeline does not count.
      boolean flushed = scripts.generation() != generation;
      for (int i = 0; i < digests.size(); i++) {
        boolean kept = known.get(i) && (flushed || scripts.find(digests.get(i)) != null);
        writer.integer(everywhere(parts) || kept ? 1 : 0);
      }
    };
  }

  /** Reads the next element of every reply. */
  private static boolean everywhere(List<Part> parts) {
    return parts.stream().filter(part -> Mergers.line(part.reply()).equals(":1")).count()
        == parts.size();
  }
}
