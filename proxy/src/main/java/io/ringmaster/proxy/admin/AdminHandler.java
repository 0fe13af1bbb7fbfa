package io.ringmaster.proxy.admin;

import io.ringmaster.protocol.codec.RequestFrame;
import io.ringmaster.protocol.command.CommandSpec;
import io.ringmaster.proxy.dispatch.CommandHandler;
import io.ringmaster.proxy.dispatch.Errors;
import io.ringmaster.proxy.dispatch.Route;
import io.ringmaster.proxy.frontend.ClientConnection;
import io.ringmaster.proxy.frontend.PendingReply;

/**
 * One command with so many arguments, its name included, and JSON behind them or not.
 *
 * @param least fewest arguments
 * @param most most arguments
 * @param answer replies to it, or sees to it that somebody does
 */
record AdminHandler(int least, int most, Answer answer) implements CommandHandler {

  /** Settles the request, now or later. */
  @FunctionalInterface
  interface Answer {
    void to(AdminRequest request);
  }

  @Override
  public void handle(
      ClientConnection client, CommandSpec command, RequestFrame request, Route route) {
    PendingReply place = client.open(request.frameLength(), true);
    int given = request.count();
    boolean json = given > least && AdminRequest.text(request, given - 1).equalsIgnoreCase("JSON");
    int count = json ? given - 1 : given;
    if (given < least) {
      place.fail(Errors.wrongArguments(command));
    } else if (count > most) {
      place.fail(Errors.SYNTAX);
    } else {
      answer.to(new AdminRequest(place, request, count, json));
    }
  }
}
