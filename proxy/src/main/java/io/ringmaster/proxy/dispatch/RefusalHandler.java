package io.ringmaster.proxy.dispatch;

import io.ringmaster.protocol.codec.RequestFrame;
import io.ringmaster.protocol.command.CommandSpec;
import io.ringmaster.proxy.frontend.ClientConnection;

/**
 * Commands that are not executed. The text begins as for a command that the server does not have,
 * which is what client libraries look for; the reason follows.
 */
final class RefusalHandler implements CommandHandler {

  @Override
  public void handle(
      ClientConnection client, CommandSpec command, RequestFrame request, Route route) {
    String error =
        command.name().equals("cluster") || command.name().startsWith("cluster|")
            ? "ERR This instance has cluster support disabled"
            : Errors.unknownCommand(request) + reason(command);
    client.open(request.frameLength(), true).fail(error);
  }

  static String reason(CommandSpec command) {
    String reason = command.reason();
    return reason.isEmpty() ? "" : "(" + reason + ")";
  }
}
