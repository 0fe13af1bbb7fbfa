package io.ringmaster.proxy.frontend;

import io.ringmaster.proxy.loop.Faults;
import io.ringmaster.proxy.loop.MemoryAccount;
import io.ringmaster.proxy.loop.Output;
import org.jspecify.annotations.Nullable;

/**
 * The places of one client's replies, in the order of its requests. A reply goes out once all
 * before it have gone. What the places occupy is counted here: against the client's window, and in
 * the account of its event loop, to which it belongs.
 */
final class ReplyQueue {

  private final Output output;
  private final MemoryAccount memory;
  private final ClientCounters counters;
  private final Window window;
  private @Nullable PendingReply first;
  private @Nullable PendingReply last;

  ReplyQueue(Output output, MemoryAccount memory, ClientCounters counters, Window window) {
    this.output = output;
    this.memory = memory;
    this.counters = counters;
    this.window = window;
  }

  /** Where the reply goes whose turn it is. */
  Output output() {
    return output;
  }

  /** The account in which a reply counts that waits for its turn. */
  MemoryAccount memory() {
    return memory;
  }

  /** Adds {@code place} behind all others. */
  void add(PendingReply place) {
    PendingReply before = last;
    if (before == null) {
      first = place;
    } else {
      before.next = place;
    }
    last = place;
    window.opened(place.requestBytes);
    memory.add(Window.PLACE_BYTES + place.keptBytes());
  }

  boolean isEmpty() {
    return first == null;
  }

  /** Whether all replies before {@code place} have gone. */
  boolean isNext(PendingReply place) {
    return place == first;
  }

  /** Requests that are not answered yet. */
  int inFlight() {
    return window.commands();
  }

  /** Bytes of the oldest request that is not answered yet; 0 if there is none. */
  int oldestRequestBytes() {
    PendingReply oldest = first;
    return oldest == null ? 0 : oldest.requestBytes;
  }

  /** Bytes of replies that wait for their turn. */
  long heldBytes() {
    return window.heldBytes();
  }

  /** Whether another request may be sent, or must wait for replies to come or to be taken. */
  boolean hasRoom() {
    return window.isOpen(output.pendingBytes(), memory.share());
  }

  /** The reply at {@code place} has come, and has {@code replyBytes} bytes. */
  void settled(PendingReply place, int replyBytes) {
    place.replyBytes = replyBytes;
    window.settled(place.requestBytes, replyBytes);
  }

  /** Passes on the replies whose turn has come, or, if {@code dropping}, gives them back. */
  void releaseSettled(boolean dropping) {
    PendingReply place = first;
    while (place != null && place.isSettled()) {
      if (dropping) {
        place.drop();
      } else {
        place.release(output);
      }
      window.released(place.replyBytes);
      memory.add(-Window.PLACE_BYTES - place.keptBytes());
      counters.replied(place.replyBytes);
      place = place.next;
    }
    first = place;
    if (place == null) {
      last = null;
    }
  }

  /** Gives back the replies that wait for their turn; nobody takes them any more. */
  void dropAll(String what, Faults faults) {
    for (PendingReply place = first; place != null; place = place.next) {
      faults.guard(what, place::drop);
    }
  }
}
