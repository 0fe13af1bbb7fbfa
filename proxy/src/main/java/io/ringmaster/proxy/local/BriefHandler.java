package io.ringmaster.proxy.local;

import io.ringmaster.protocol.codec.RequestFrame;
import io.ringmaster.protocol.command.CommandSpec;
import io.ringmaster.proxy.dispatch.CommandHandler;
import io.ringmaster.proxy.dispatch.Route;
import io.ringmaster.proxy.frontend.ClientConnection;
import java.util.Set;

/**
 * A command that the proxy answers itself, on the event loop that other clients share: none needs a
 * long request, and the longer one is the longer the others wait.
 *
 * @param handler answers it where it is short enough
 */
public record BriefHandler(CommandHandler handler) implements CommandHandler {

  private static final int LONGEST = 16 * 1024;

  // What only give back what they were given.
  private static final Set<String> ANY_LENGTH = Set.of("ping", "echo");

  /** The handler of {@code command}, which may be one that takes requests of any length. */
  public static CommandHandler of(String command, CommandHandler handler) {
    return ANY_LENGTH.contains(command) ? handler : new BriefHandler(handler);
  }

  @Override
  public void handle(
      ClientConnection client, CommandSpec command, RequestFrame request, Route route) {
    if (request.frameLength() > LONGEST) {
      client
          .open(request.frameLength(), true)
          .fail("ERR '" + command.name() + "' takes no request of more than " + LONGEST + " bytes");
    } else {
      handler.handle(client, command, request, route);
    }
  }

  @Override
  public boolean waitsForReplies() {
    return handler.waitsForReplies();
  }
}
