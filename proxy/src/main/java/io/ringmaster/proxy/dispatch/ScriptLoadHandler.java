package io.ringmaster.proxy.dispatch;

import io.ringmaster.protocol.codec.RequestFrame;
import io.ringmaster.protocol.command.CommandSpec;
import io.ringmaster.proxy.frontend.ClientConnection;

/** SCRIPT LOAD and SCRIPT FLUSH: on every shard, and in the cache of known scripts. */
final class ScriptLoadHandler implements CommandHandler {

  private final CommandHandler broadcast;
  private final ScriptCache scripts;

  ScriptLoadHandler(CommandHandler broadcast, ScriptCache scripts) {
    this.broadcast = broadcast;
    this.scripts = scripts;
  }

  @Override
  public void handle(ClientConnection client, CommandSpec command, RequestFrame request) {
    if (command.name().equals("script|load")) {
      scripts.add(request.bytes(2));
    } else {
      scripts.clear();
    }
    broadcast.handle(client, command, request);
  }
}
