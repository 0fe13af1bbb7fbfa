package io.ringmaster.proxy.dispatch;

import io.ringmaster.protocol.codec.RequestFrame;
import io.ringmaster.protocol.command.CommandSpec;
import io.ringmaster.proxy.frontend.ClientConnection;

/** Handles the commands of one shape. */
@FunctionalInterface
public interface CommandHandler {

  /**
   * Handles one request and sees to it that it gets exactly one reply.
   *
   * @param route where it goes; valid until this returns
   */
  void handle(ClientConnection client, CommandSpec command, RequestFrame request, Route route);

  /** Whether the client's earlier requests must be answered first. */
  default boolean waitsForReplies() {
    return false;
  }
}
