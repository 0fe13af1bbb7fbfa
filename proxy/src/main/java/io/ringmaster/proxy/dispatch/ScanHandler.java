package io.ringmaster.proxy.dispatch;

import io.netty.buffer.ByteBuf;
import io.ringmaster.cluster.spi.BackendFailure;
import io.ringmaster.cluster.spi.ReplyCallback;
import io.ringmaster.cluster.topology.NodeId;
import io.ringmaster.cluster.topology.Shard;
import io.ringmaster.protocol.Reply;
import io.ringmaster.protocol.codec.ReplyFrame;
import io.ringmaster.protocol.codec.ReplyWriter;
import io.ringmaster.protocol.codec.RequestEncoder;
import io.ringmaster.protocol.codec.RequestFrame;
import io.ringmaster.protocol.command.CommandSpec;
import io.ringmaster.proxy.frontend.ClientConnection;
import io.ringmaster.proxy.frontend.PendingReply;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * SCAN: one shard after the other. The cursor that the client sees holds the shard's index in its
 * upper bits and the shard's own cursor in the lower {@value #CURSOR_BITS}; it stays below 2^63. A
 * server's cursor is below the size of its hash table, so the lower bits suffice for any data set
 * that fits in memory.
 */
final class ScanHandler implements CommandHandler {

  private static final int CURSOR_BITS = 50;
  private static final long CURSOR_MASK = (1L << CURSOR_BITS) - 1;

  private final Router router;

  ScanHandler(Router router) {
    this.router = router;
  }

  @Override
  public void handle(ClientConnection client, CommandSpec command, RequestFrame request) {
    PendingReply place = client.open(request.frameLength(), true);
    List<Shard> shards = router.topology().shards();
    long cursor;
    try {
      cursor = cursor(new String(request.bytes(1), StandardCharsets.ISO_8859_1));
    } catch (NumberFormatException e) {
      place.fail("ERR invalid cursor");
      return;
    }
    // A shard that is no more: the last one ends the walk, as a server does whose table has shrunk.
    int index = (int) Math.min(cursor >>> CURSOR_BITS, shards.size() - 1);
    RequestEncoder encoder = new RequestEncoder(client.allocator(), request.count());
    encoder.add(request, 0);
    encoder.add(Long.toString(cursor & CURSOR_MASK).getBytes(StandardCharsets.US_ASCII));
    for (int i = 2; i < request.count(); i++) {
      encoder.add(request, i);
    }
    RequestFrame scan = encoder.finish();
    scan.readOnly(true);
    boolean isLast = index == shards.size() - 1;
    router.send(client, scan, shards.get(index), new Scanned(place, index, isLast));
    scan.buffer().release();
  }

  /** Reads a number as C does: up to a zero byte, and nothing is 0. */
  private static long cursor(String bytes) {
    int zero = bytes.indexOf('\0');
    String text = zero < 0 ? bytes : bytes.substring(0, zero);
    if (text.isEmpty()) {
      return 0;
    }
    return text.startsWith("-") ? Long.parseLong(text) : Long.parseUnsignedLong(text);
  }

  private record Scanned(PendingReply place, int index, boolean isLast) implements ReplyCallback {

    @Override
    public void onReply(Reply reply) {
      ReplyFrame frame = (ReplyFrame) reply;
      if (frame.isError()) {
        place.onReply(reply);
        return;
      }
      // *2 CR LF $n CR LF cursor CR LF, then the array of keys
      ByteBuf in = frame.buffer().slice(frame.start(), frame.length());
      long cursor;
      try {
        Mergers.line(in);
        Mergers.line(in);
        cursor = Long.parseUnsignedLong(Mergers.line(in));
      } catch (RuntimeException nonsense) {
        place.fail("UNAVAILABLE shard " + index + ": it answered no cursor");
        return;
      }
      if (cursor > CURSOR_MASK || cursor < 0) {
        place.fail("ERR cursor of shard " + index + " is out of range");
        return;
      }
      long next = cursor != 0 ? at(index, cursor) : isLast ? 0 : at(index + 1, 0);
      ByteBuf out = place.client().allocate();
      new ReplyWriter(out, place.client().session().version()).array(2).bulk(Long.toString(next));
      out.writeBytes(in);
      place.settleOwned(out);
    }

    private static long at(int shard, long cursor) {
      return ((long) shard << CURSOR_BITS) | cursor;
    }

    @Override
    public void onFailure(BackendFailure failure, NodeId node, String reason) {
      place.onFailure(failure, node, reason);
    }
  }
}
