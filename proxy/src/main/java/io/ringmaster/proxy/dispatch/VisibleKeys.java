package io.ringmaster.proxy.dispatch;

import io.netty.buffer.ByteBuf;
import io.ringmaster.cluster.replication.Marker;
import io.ringmaster.protocol.Reply;
import io.ringmaster.protocol.codec.ReplyFrame;
import java.nio.charset.StandardCharsets;

/** Leaves the cluster's own keys out of what clients are shown. Belongs to one event loop. */
final class VisibleKeys {

  private final Elements elements = new Elements();

  /** Copies the next {@code count} elements of {@code in}, and returns how many were left. */
  int copy(ByteBuf in, int count, ByteBuf out) {
    int visible = 0;
    for (int i = 0; i < count; i++) {
      ReplyFrame key = elements.next(in);
      if (!isReserved(in, key.start(), key.start() + key.length())) {
        out.writeBytes(in, key.start(), key.length());
        visible++;
      }
    }
    return visible;
  }

  /** Writes the rest of {@code in}, which is one array of keys. */
  void copyArray(ByteBuf in, ByteBuf out) {
    ByteBuf keys = out.alloc().buffer(in.readableBytes());
    try {
      int visible = copy(in, Mergers.arraySize(in), keys);
      out.writeCharSequence("*" + visible + "\r\n", StandardCharsets.US_ASCII);
      out.writeBytes(keys);
    } finally {
      keys.release();
    }
  }

  /** Whether {@code reply} is the name of such a key. */
  static boolean isReserved(Reply reply) {
    ReplyFrame frame = (ReplyFrame) reply;
    return !frame.isError()
        && isReserved(frame.buffer(), frame.start(), frame.start() + frame.length());
  }

  private static boolean isReserved(ByteBuf in, int start, int end) {
    int body = in.indexOf(start, end, (byte) '\n') + 1;
    return body < end && in.getByte(body) == Marker.RESERVED;
  }
}
