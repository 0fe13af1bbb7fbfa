package io.ringmaster.proxy.frontend;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.ringmaster.cluster.spi.BackendFailure;
import io.ringmaster.cluster.spi.ReplyCallback;
import io.ringmaster.cluster.topology.NodeId;
import io.ringmaster.protocol.Reply;
import io.ringmaster.protocol.codec.NoRoomException;
import io.ringmaster.protocol.codec.ReplyFrame;
import io.ringmaster.protocol.codec.ReplyWriter;
import io.ringmaster.protocol.codec.Slices;
import io.ringmaster.proxy.loop.Output;
import java.nio.charset.StandardCharsets;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The place of one reply among the replies to a client. A reply that arrives before its turn waits
 * here; one whose turn it is goes straight to the client's output. Belongs to the client's event
 * loop; settled exactly once: what comes later is ignored. It never throws: a client whose reply
 * cannot be passed on is closed, as it must not take the next one for it.
 */
public final class PendingReply implements ReplyCallback {

  private static final byte[] NOTHING = {};
  private static final String HERE = "this proxy";

  final int requestBytes;
  int replyBytes;
  @Nullable PendingReply next;
  private final ClientConnection client;
  private final boolean readOnly;
  private final boolean muted;
  private boolean settled;
  // One of these while it waits for its turn, counted as replyBytes in the account.
  private byte @Nullable [] heldBytes;
  private @Nullable ByteBuf heldBuffer;

  PendingReply(ClientConnection client, int requestBytes, boolean readOnly, boolean muted) {
    this.client = client;
    this.requestBytes = requestBytes;
    this.readOnly = readOnly;
    this.muted = muted;
  }

  /**
   * Bytes of its request that are counted until it is answered: a read may be kept to be asked
   * again elsewhere, but of a write nothing is kept once it was sent.
   */
  int keptBytes() {
    return readOnly ? requestBytes : 0;
  }

  /** Whose reply this is. */
  public ClientConnection client() {
    return client;
  }

  /** Whether no later request of the client is waiting for a reply. */
  public boolean isLast() {
    return next == null;
  }

  @Override
  public void onReply(Reply reply) {
    ReplyFrame frame = (ReplyFrame) reply;
    if (frame.type() == '-') {
      client.counters().errorReplied();
    }
    if (settled) {
      return;
    }
    try {
      if (isUnwanted()) {
        settled(0);
      } else if (client.replies().isNext(this)) {
        client.replies().output().write(frame.buffer(), frame.start(), frame.length());
        settled(frame.length());
      } else {
        hold(frame);
        settled(frame.length());
      }
    } catch (NoRoomException none) {
      client.counters().refusedMemory();
      fail(FailureText.of(BackendFailure.OUTCOME_UNKNOWN, readOnly, HERE, "" + none.getMessage()));
    } catch (Throwable fault) {
      failed(fault);
    }
  }

  private boolean isUnwanted() {
    return muted || client.isClosed();
  }

  private void settled(int length) {
    settled = true;
    client.settled(this, length);
  }

  private void failed(Throwable fault) {
    client.failed(fault);
    if (!settled) {
      settled(0);
    }
  }

  @Override
  public void onFailure(BackendFailure failure, NodeId node, String reason) {
    fail(FailureText.of(failure, readOnly, node.toString(), reason));
  }

  /** Settles with an error: its code, a blank, its text; bytes of the request as Latin-1. */
  public void fail(String codeAndText) {
    client.counters().failed(codeAndText);
    String line = codeAndText.replace('\r', ' ').replace('\n', ' ');
    settle(("-" + line + "\r\n").getBytes(StandardCharsets.ISO_8859_1));
  }

  /** Settles with a whole frame. */
  public void settle(byte[] frame) {
    if (settled) {
      return;
    }
    try {
      if (isUnwanted()) {
        settled(0);
      } else {
        if (client.replies().isNext(this)) {
          client.replies().output().write(frame);
        } else {
          client.replies().memory().add(frame.length);
          heldBytes = frame;
        }
        settled(frame.length);
      }
    } catch (Throwable fault) {
      failed(fault);
    }
  }

  /** Settles with a whole frame, which is taken over. */
  public void settleOwned(ByteBuf frame) {
    if (settled || isUnwanted()) {
      frame.release();
      settle(NOTHING);
      return;
    }
    try {
      int length = frame.readableBytes();
      if (client.replies().isNext(this)) {
        client.replies().output().writeOwned(frame);
      } else {
        client.replies().memory().add(length);
        heldBuffer = frame;
      }
      settled(length);
    } catch (Throwable fault) {
      failed(fault);
    }
  }

  /** Settles with what {@code writing} writes. */
  public void settleWith(Consumer<ReplyWriter> writing) {
    ByteBuf frame = Unpooled.EMPTY_BUFFER;
    try {
      frame = client.allocate();
      writing.accept(new ReplyWriter(frame, client.session().preferences().version()));
    } catch (Throwable fault) {
      frame.release();
      failed(fault);
      return;
    }
    settleOwned(frame);
  }

  boolean isSettled() {
    return settled;
  }

  /** Its turn has come: passes on what was held. */
  void release(Output output) {
    byte[] bytes = heldBytes;
    ByteBuf buffer = heldBuffer;
    forget();
    if (bytes != null) {
      output.write(bytes);
    } else if (buffer != null) {
      output.writeOwned(buffer);
    }
  }

  /** Gives back what was held. */
  void drop() {
    ByteBuf buffer = heldBuffer;
    forget();
    if (buffer != null) {
      buffer.release();
    }
  }

  private void forget() {
    if (heldBytes != null || heldBuffer != null) {
      heldBytes = null;
      heldBuffer = null;
      client.replies().memory().giveBack(replyBytes);
    }
  }

  private void hold(ReplyFrame frame) {
    int length = frame.length();
    client.replies().memory().take(length);
    try {
      if (length < Slices.POOLED_FROM) {
        heldBytes = frame.bytes();
      } else {
        heldBuffer = Slices.kept(frame.buffer(), frame.start(), length);
      }
    } catch (Throwable fault) {
      client.replies().memory().giveBack(length);
      throw fault;
    }
  }
}
