package io.ringmaster.proxy.dispatch;

import io.ringmaster.protocol.codec.RequestFrame;
import io.ringmaster.protocol.command.CommandSpec;
import io.ringmaster.protocol.command.RequestForm;
import io.ringmaster.proxy.frontend.ClientConnection;

/**
 * COPY, the one command that reaches a database which its client has not selected. Servers have
 * more of them than clients: that of the marker, where a copy would be in nobody's reach.
 *
 * @param single what executes it otherwise
 */
record CopyHandler(CommandHandler single) implements CommandHandler {

  @Override
  public void handle(
      ClientConnection client, CommandSpec command, RequestFrame request, Route route) {
    if (RequestForm.targetDatabase(request) >= client.frontend().databases()) {
      client.open(request.frameLength(), request.isReadOnly()).fail(Errors.NO_DATABASE);
    } else {
      single.handle(client, command, request, route);
    }
  }
}
