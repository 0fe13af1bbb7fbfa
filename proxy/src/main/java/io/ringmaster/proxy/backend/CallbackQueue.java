package io.ringmaster.proxy.backend;

import io.ringmaster.cluster.spi.ReplyCallback;
import java.util.Arrays;

/** First in, first out; a ring that grows as needed and never shrinks. */
final class CallbackQueue {

  private static final ReplyCallback[] NONE = new ReplyCallback[0];

  private ReplyCallback[] ring = NONE;
  private int head;
  private int size;

  int size() {
    return size;
  }

  void add(ReplyCallback callback) {
    if (size == ring.length) {
      grow();
    }
    ring[(head + size++) & (ring.length - 1)] = callback;
  }

  /** The oldest callback; the queue must not be empty. */
  ReplyCallback remove() {
    ReplyCallback callback = ring[head];
    head = (head + 1) & (ring.length - 1);
    size--;
    return callback;
  }

  private void grow() {
    ReplyCallback[] larger = Arrays.copyOf(ring, Math.max(16, 2 * size));
    for (int i = 0; i < size; i++) {
      larger[i] = ring[(head + i) & (ring.length - 1)];
    }
    ring = larger;
    head = 0;
  }
}
