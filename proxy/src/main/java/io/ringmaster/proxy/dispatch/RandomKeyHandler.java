package io.ringmaster.proxy.dispatch;

import io.netty.buffer.ByteBuf;
import io.ringmaster.protocol.codec.ReplyWriter;
import io.ringmaster.protocol.codec.RequestFrame;
import io.ringmaster.protocol.command.CommandSpec;
import io.ringmaster.proxy.frontend.ClientConnection;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;

/**
 * RANDOMKEY: asks all shards at once, as what the client sends behind it must not be seen, and
 * answers with the key of any that has one.
 */
final class RandomKeyHandler implements CommandHandler {

  private final BroadcastHandler everywhere;

  RandomKeyHandler(BroadcastHandler everywhere) {
    this.everywhere = everywhere;
  }

  @Override
  public void handle(
      ClientConnection client, CommandSpec command, RequestFrame request, Route route) {
    everywhere.gather(client, command, request, RandomKeyHandler::any, () -> {});
  }

  private static void any(List<Part> parts, ByteBuf out, ReplyWriter writer) {
    List<ByteBuf> keys = parts.stream().map(Part::reply).filter(RandomKeyHandler::isKey).toList();
    if (keys.isEmpty()) {
      writer.nil();
    } else {
      out.writeBytes(keys.get(ThreadLocalRandom.current().nextInt(keys.size())));
    }
  }

  private static boolean isKey(ByteBuf reply) {
    int first = reply.readerIndex();
    return reply.getByte(first) == '$' && reply.getByte(first + 1) != '-';
  }
}
