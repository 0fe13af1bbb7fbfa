package io.ringmaster.protocol;

/**
 * The two wire formats of Redis. A connection starts in {@link #RESP2} and changes with {@code
 * HELLO}.
 *
 * @see <a href="https://github.com/redis/redis-specifications/tree/master/protocol">The RESP
 *     specifications</a>
 */
public enum ProtocolVersion {
  RESP2(2),
  RESP3(3);

  private final int number;

  ProtocolVersion(int number) {
    this.number = number;
  }

  /** The number that {@code HELLO} takes. */
  public int number() {
    return number;
  }
}
