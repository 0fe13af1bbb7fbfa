package io.ringmaster.proxy.dispatch;

import io.ringmaster.protocol.codec.RequestFrame;
import io.ringmaster.protocol.command.CommandSpec;
import io.ringmaster.protocol.command.RequestForm;
import io.ringmaster.proxy.frontend.ClientConnection;
import io.ringmaster.proxy.frontend.PendingReply;

/**
 * Commands that one shard can execute: the frame goes there as it is, and its reply comes back as
 * it is.
 */
final class SingleShardHandler implements CommandHandler {

  static final String CROSSSLOT = "CROSSSLOT Keys in request don't hash to the same slot";

  private final Router router;

  SingleShardHandler(Router router) {
    this.router = router;
  }

  @Override
  public void handle(
      ClientConnection client, CommandSpec command, RequestFrame request, Route route) {
    PendingReply place = client.open(request.frameLength(), request.isReadOnly());
    if (RequestForm.blocks(command, request)) {
      place.fail(Errors.unknownCommand(request) + RefusalHandler.reason(command));
    } else if (!route.isOnOneShard() || RequestForm.readsKeysByPattern(command, request)) {
      place.fail(CROSSSLOT);
    } else {
      router.send(client, request, route.shard(), route.keyspace(), route.levels(), place);
    }
  }
}
