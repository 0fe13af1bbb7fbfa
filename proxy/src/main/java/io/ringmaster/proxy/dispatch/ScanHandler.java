package io.ringmaster.proxy.dispatch;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.CompositeByteBuf;
import io.ringmaster.cluster.spi.BackendFailure;
import io.ringmaster.cluster.spi.ReplyCallback;
import io.ringmaster.cluster.topology.Consistency;
import io.ringmaster.cluster.topology.Keyspace;
import io.ringmaster.cluster.topology.NodeId;
import io.ringmaster.cluster.topology.Shard;
import io.ringmaster.protocol.Reply;
import io.ringmaster.protocol.codec.ReplyFrame;
import io.ringmaster.protocol.codec.ReplyWriter;
import io.ringmaster.protocol.codec.RequestEncoder;
import io.ringmaster.protocol.codec.RequestFrame;
import io.ringmaster.protocol.codec.Slices;
import io.ringmaster.protocol.command.CommandSpec;
import io.ringmaster.proxy.frontend.ClientConnection;
import io.ringmaster.proxy.frontend.PendingReply;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * SCAN walks through one shard after the other; HSCAN, SSCAN and ZSCAN through the shard of their
 * key. Their cursors are those of the leader, which nobody else knows: where it has another leader
 * meanwhile, the walk through the shard begins anew. So it may show something twice, but misses
 * nothing.
 */
final class ScanHandler implements CommandHandler {

  private static final byte[] BEGINNING = {'0'};

  private final Router router;

  ScanHandler(Router router) {
    this.router = router;
  }

  @Override
  public void handle(
      ClientConnection client, CommandSpec command, RequestFrame request, Route route) {
    boolean ofAKey = command.hasKeys();
    List<Shard> shards = ofAKey ? List.of(route.shard()) : route.topology().shards();
    PendingReply place = client.open(request.frameLength(), true);
    int argument = ofAKey ? 2 : 1;
    if (request.count() <= argument) {
      // Its server says what is missing.
      router.send(client, request, shards.getFirst(), route.keyspace(), route.levels(), place);
      return;
    }
    Cursor.Form form = ofAKey ? Cursor.Form.OF_A_KEY : Cursor.Form.of(shards.size());
    try {
      Cursor cursor = form.read(request.bytes(argument));
      new Page(place, shards, form, cursor, argument, route).ask(request);
    } catch (NumberFormatException noNumber) {
      place.fail("ERR invalid cursor");
    }
  }

  /** One page on its way. */
  private final class Page implements ReplyCallback {
    private final PendingReply place;
    private final Cursor.Form form;
    private final Cursor cursor;
    private final Shard shard;
    private final boolean isLastShard;
    private final int argument;
    private final Keyspace keyspace;
    private final Consistency levels;
    // Kept until it is known that it is the leader's own cursor.
    private @Nullable RequestFrame request;

    Page(
        PendingReply place,
        List<Shard> shards,
        Cursor.Form form,
        Cursor cursor,
        int argument,
        Route route) {
      this.place = place;
      this.form = form;
      // A shard that is no more: nobody knows what has been walked through.
      this.cursor = cursor.shard() < shards.size() ? cursor : Cursor.START;
      this.shard = shards.get(this.cursor.shard());
      this.isLastShard = this.cursor.shard() == shards.size() - 1;
      this.argument = argument;
      this.keyspace = route.keyspace();
      this.levels = route.levels();
    }

    void ask(RequestFrame asked) {
      if (cursor.position() == 0) {
        send(asked, BEGINNING);
      } else {
        request = asked.detached();
        send(asked, Long.toString(cursor.position()).getBytes(StandardCharsets.US_ASCII));
      }
    }

    private void send(RequestFrame asked, byte[] position) {
      RequestEncoder encoder = new RequestEncoder(place.client().allocator(), asked.count());
      for (int i = 0; i < asked.count(); i++) {
        if (i == argument) {
          encoder.add(position);
        } else {
          encoder.add(asked, i);
        }
      }
      RequestFrame page = encoder.finish();
      page.readOnly(true);
      router.send(place.client(), page, shard, keyspace, levels, this);
      page.buffer().release();
    }

    @Override
    public void onReply(Reply reply) {
      if (reply.isError()) {
        place.onReply(reply);
        return;
      }
      ReplyFrame frame = (ReplyFrame) reply;
      ByteBuf found = frame.buffer().slice(frame.start(), frame.length());
      long position;
      try {
        position = position(found);
      } catch (RuntimeException nonsense) {
        place.fail("UNAVAILABLE shard " + shard.id() + ": it answered no cursor");
        return;
      }
      int tag = Cursor.tag(shard, router.runOfLeader(place.client(), shard));
      RequestFrame again = request;
      if (again != null && tag != cursor.tag()) {
        request = null;
        send(again, BEGINNING);
      } else if (Long.compareUnsigned(position, form.largestPosition()) > 0) {
        place.fail("ERR cursor of shard " + shard.id() + " is out of range");
      } else {
        settle(next(position, tag), frame, found);
      }
    }

    /** Reads {@code *2 CR LF $n CR LF cursor CR LF *}; the rest of what was found follows. */
    private static long position(ByteBuf found) {
      boolean isPair = Mergers.line(found).equals("*2");
      String size = Mergers.line(found);
      String text = Mergers.line(found);
      if (!isPair
          || !size.equals("$" + text.length())
          || found.getByte(found.readerIndex()) != '*') {
        throw new IllegalStateException("no cursor and array");
      }
      return Long.parseUnsignedLong(text);
    }

    private Cursor next(long position, int tag) {
      if (position != 0) {
        return new Cursor(position, tag, cursor.shard());
      }
      return isLastShard ? Cursor.START : new Cursor(0, 0, cursor.shard() + 1);
    }

    private void settle(Cursor next, ReplyFrame frame, ByteBuf found) {
      ByteBuf page = place.client().allocate();
      new ReplyWriter(page, place.client().session().preferences().version())
          .array(2)
          .bulk(Long.toString(form.write(next)));
      if (found.readableBytes() < Slices.FROM) {
        page.writeBytes(found);
      } else {
        int index = frame.start() + found.readerIndex();
        page = followed(page, Slices.retained(frame.buffer(), index, found.readableBytes()));
      }
      place.settleOwned(page);
    }

    /** {@code head} and what follows it, as one buffer. */
    private static CompositeByteBuf followed(ByteBuf head, ByteBuf rest) {
      return head.alloc()
          .compositeDirectBuffer(Integer.MAX_VALUE)
          .addComponent(true, head)
          .addFlattenedComponents(true, rest);
    }

    @Override
    public void onFailure(BackendFailure failure, NodeId node, String reason) {
      place.onFailure(failure, node, reason);
    }
  }
}
