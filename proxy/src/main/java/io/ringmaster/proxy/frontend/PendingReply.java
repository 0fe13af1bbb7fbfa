package io.ringmaster.proxy.frontend;

import io.netty.buffer.ByteBuf;
import io.ringmaster.cluster.spi.BackendFailure;
import io.ringmaster.cluster.spi.ReplyCallback;
import io.ringmaster.cluster.topology.NodeId;
import io.ringmaster.protocol.Reply;
import io.ringmaster.protocol.codec.ReplyFrame;
import io.ringmaster.protocol.codec.ReplyWriter;
import io.ringmaster.proxy.loop.Output;
import io.ringmaster.proxy.loop.Slices;
import java.nio.charset.StandardCharsets;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The place of one reply among the replies to a client. A reply that arrives before its turn waits
 * here; one whose turn it is goes straight to the client's output. Belongs to the client's event
 * loop; settled exactly once.
 */
public final class PendingReply implements ReplyCallback {

  final int requestBytes;
  int replyBytes;
  @Nullable PendingReply next;
  private final ClientConnection client;
  private final boolean readOnly;
  private final boolean muted;
  private boolean settled;
  private byte @Nullable [] heldBytes;
  private @Nullable ByteBuf heldBuffer;

  PendingReply(ClientConnection client, int requestBytes, boolean readOnly, boolean muted) {
    this.client = client;
    this.requestBytes = requestBytes;
    this.readOnly = readOnly;
    this.muted = muted;
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
    int length = frame.length();
    if (frame.type() == '-') {
      client.counters().errorReplied();
    }
    settled = true;
    if (muted || client.isClosed()) {
      client.settled(this, 0);
    } else if (client.isNext(this)) {
      client.output().write(frame.buffer(), frame.start(), length);
      client.settled(this, length);
    } else {
      hold(frame, length);
      client.settled(this, length);
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
    settled = true;
    if (!muted && !client.isClosed()) {
      if (client.isNext(this)) {
        client.output().write(frame);
      } else {
        heldBytes = frame;
      }
    }
    client.settled(this, frame.length);
  }

  /** Settles with a whole frame, which is taken over. */
  public void settleOwned(ByteBuf frame) {
    settled = true;
    int length = frame.readableBytes();
    if (muted || client.isClosed()) {
      frame.release();
    } else if (client.isNext(this)) {
      client.output().writeOwned(frame);
    } else {
      heldBuffer = frame;
    }
    client.settled(this, length);
  }

  /** Settles with what {@code writing} writes. */
  public void settleWith(Consumer<ReplyWriter> writing) {
    ByteBuf frame = client.allocate();
    writing.accept(new ReplyWriter(frame, client.session().version()));
    settleOwned(frame);
  }

  boolean isSettled() {
    return settled;
  }

  /** Its turn has come: passes on what was held. */
  void release(Output output) {
    byte[] bytes = heldBytes;
    ByteBuf buffer = heldBuffer;
    if (bytes != null) {
      output.write(bytes);
    } else if (buffer != null) {
      heldBuffer = null;
      output.writeOwned(buffer);
    }
  }

  /** The client is gone: drops what was held. */
  void drop() {
    heldBytes = null;
    if (heldBuffer != null) {
      heldBuffer.release();
      heldBuffer = null;
    }
  }

  private void hold(ReplyFrame frame, int length) {
    if (length < Slices.POOLED_FROM) {
      heldBytes = frame.bytes();
    } else {
      heldBuffer = Slices.kept(frame.buffer(), frame.start(), length);
    }
  }
}
