package io.ringmaster.cluster.replication;

import io.ringmaster.protocol.OwnRequest;

/**
 * The position marker of a shard: a hash of the shard's epoch and a number that each barrier
 * raises, written in the same replication stream as the data. It survives restarts and is
 * comparable between nodes, which replication offsets are not.
 */
public final class Marker {

  /** First byte of the names of all internal keys; clients may not use it. */
  public static final char RESERVED = '\u0001';

  /** Its key, in database 0. */
  public static final String KEY = RESERVED + "rp:pos";

  // Deleting first lets the script pass when the server is out of memory: else not even a DEL
  // could be acknowledged.
  private static final String ABSENT = RESERVED + "rp:none";

  // It may come on a connection of any database. Who may not publish may raise.
  private static final String RAISE =
      """
      redis.call('SELECT', '0')
      redis.call('DEL', KEYS[2])
      local epoch = redis.call('HGET', KEYS[1], 'epoch')
      if epoch ~= ARGV[1] then return redis.error_reply('FENCED epoch ' .. tostring(epoch)) end
      local number = redis.call('HINCRBY', KEYS[1], 'n', 1)
      if ARGV[2] then redis.pcall('PUBLISH', ARGV[2], ARGV[3]) end
      return number
      """;

  private static final String BEGIN =
      """
      redis.call('DEL', KEYS[2])
      local epoch = redis.call('HGET', KEYS[1], 'epoch')
      if epoch and tonumber(epoch) >= tonumber(ARGV[1]) then return 0 end
      return redis.call('HSET', KEYS[1], 'epoch', ARGV[1], 'n', '0')
      """;

  private static final String READ =
      """
      redis.call('SELECT', '0')
      local marker = redis.call('HMGET', KEYS[1], 'epoch', 'n')
      return (marker[1] or '0') .. ' ' .. (marker[2] or '0')
      """;

  private Marker() {}

  /** Raises the number and returns it; an error {@code FENCED} if the epoch is another one. */
  public static OwnRequest raise(long epoch) {
    return OwnRequest.writing("EVAL", RAISE, "2", KEY, ABSENT, "" + epoch);
  }

  /**
   * The same; whoever holds the new number tells its subscribers of {@code channel} the {@code
   * sequence}, as publishing is replicated, too.
   */
  public static OwnRequest raise(long epoch, String channel, long sequence) {
    return OwnRequest.writing("EVAL", RAISE, "2", KEY, ABSENT, "" + epoch, channel, "" + sequence);
  }

  /** Sets the marker to the beginning of {@code epoch}, unless it is there or further. */
  public static OwnRequest begin(long epoch) {
    return OwnRequest.writing("EVAL", BEGIN, "2", KEY, ABSENT, "" + epoch);
  }

  /** Asks for epoch and number, with a blank between, on a connection of any database. */
  public static OwnRequest read() {
    return OwnRequest.reading("EVAL", READ, "1", KEY);
  }

  /** Asks for the epoch. */
  public static OwnRequest epoch() {
    return OwnRequest.reading("HGET", KEY, "epoch");
  }
}
