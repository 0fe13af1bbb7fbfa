package io.ringmaster.proxy.frontend;

/**
 * How much of one client may be in flight. Replies cannot be refused once a request was sent, so
 * their size is estimated before: the estimate jumps to any larger reply and falls by a quarter
 * with each smaller one. A new client begins with few requests and is soon bounded by its real
 * replies only.
 */
final class Window {

  /** What a request takes beside its bytes as long as it is not answered. */
  static final int PLACE_BYTES = 256;

  private static final long FIRST_ESTIMATE = 256 * 1024;

  private final int maxCommands;
  private final long maxBytes;
  private int commands;
  private long requestBytes;
  private long heldBytes;
  private long estimate = FIRST_ESTIMATE;

  Window(int maxCommands, long maxBytes) {
    this.maxCommands = maxCommands;
    this.maxBytes = maxBytes;
  }

  int commands() {
    return commands;
  }

  /** Bytes of replies that wait for the replies before them. */
  long heldBytes() {
    return heldBytes;
  }

  /**
   * Whether another request may be sent while {@code unread} bytes wait for the client to take
   * them, and {@code share} bytes of memory are what it may hold. With nothing in flight it may
   * always send one, once it has read.
   */
  boolean isOpen(long unread, long share) {
    if (commands == 0) {
      return unread == 0 || unread < Math.min(maxBytes, share);
    }
    long held = commands * estimate + requestBytes + heldBytes + unread;
    return commands < maxCommands
        && held < maxBytes
        && held + (long) commands * PLACE_BYTES < share;
  }

  void opened(int bytes) {
    commands++;
    requestBytes += bytes;
  }

  void settled(int bytes, int replyBytes) {
    requestBytes -= bytes;
    heldBytes += replyBytes;
    estimate = replyBytes > estimate ? replyBytes : estimate - ((estimate - replyBytes) >> 2);
  }

  void released(int replyBytes) {
    commands--;
    heldBytes -= replyBytes;
  }
}
