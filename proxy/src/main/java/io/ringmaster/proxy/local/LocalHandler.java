package io.ringmaster.proxy.local;

import io.ringmaster.protocol.codec.ReplyWriter;
import io.ringmaster.protocol.codec.RequestFrame;
import io.ringmaster.protocol.command.CommandSpec;
import io.ringmaster.proxy.dispatch.CommandHandler;
import io.ringmaster.proxy.dispatch.Route;
import io.ringmaster.proxy.frontend.ClientConnection;

/** A command that is answered at once. */
final class LocalHandler implements CommandHandler {

  /** Writes the reply. */
  @FunctionalInterface
  interface Answer {
    void answer(ClientConnection client, RequestFrame request, ReplyWriter reply);
  }

  private final Answer answer;
  private final boolean waits;

  private LocalHandler(Answer answer, boolean waits) {
    this.answer = answer;
    this.waits = waits;
  }

  static LocalHandler of(Answer answer) {
    return new LocalHandler(answer, false);
  }

  /** One that may only be answered when all earlier requests are. */
  static LocalHandler afterReplies(Answer answer) {
    return new LocalHandler(answer, true);
  }

  @Override
  public boolean waitsForReplies() {
    return waits;
  }

  @Override
  public void handle(
      ClientConnection client, CommandSpec command, RequestFrame request, Route route) {
    client
        .open(request.frameLength(), true)
        .settleWith(reply -> answer.answer(client, request, reply));
  }
}
