package io.ringmaster.cluster.replication;

import io.ringmaster.cluster.topology.MarkerPosition;
import io.ringmaster.protocol.OwnRequest;

/**
 * The position marker of a shard: a hash of the shard's epoch and a number that each barrier
 * advances, written in the same replication stream as the data. It survives restarts and is
 * comparable between nodes, which replication offsets are not.
 *
 * <p>It lives in a database of its own, where what clients do to theirs does not reach it. Its
 * scripts select that database themselves: they may come on a connection of any database, which
 * stays where it was.
 *
 * @param database number of the database
 */
public record Marker(int database) {

  /** First byte of the names of all internal keys; clients may not use it. */
  public static final char RESERVED = '\u0001';

  /** Its key. */
  public static final String KEY = RESERVED + "rp:pos";

  // Deleting first lets the script pass when the server is out of memory: else not even a DEL
  // could be acknowledged.
  private static final String ABSENT = RESERVED + "rp:none";

  // Who may not publish may advance.
  private static final String ADVANCE =
      """
      redis.call('SELECT', ARGV[1])
      redis.call('DEL', KEYS[2])
      local epoch = redis.call('HGET', KEYS[1], 'epoch')
      if epoch ~= ARGV[2] then return redis.error_reply('FENCED epoch ' .. tostring(epoch)) end
      local number = redis.call('HINCRBY', KEYS[1], 'n', 1)
      if ARGV[3] then redis.pcall('PUBLISH', ARGV[3], ARGV[4]) end
      return number
      """;

  private static final String BEGIN =
      """
      redis.call('SELECT', ARGV[1])
      redis.call('DEL', KEYS[2])
      local epoch = redis.call('HGET', KEYS[1], 'epoch')
      if epoch and tonumber(epoch) >= tonumber(ARGV[2]) then return 0 end
      return redis.call('HSET', KEYS[1], 'epoch', ARGV[2], 'n', '0')
      """;

  private static final String READ =
      """
      redis.call('SELECT', ARGV[1])
      local marker = redis.call('HMGET', KEYS[1], 'epoch', 'n')
      return (marker[1] or '0') .. ' ' .. (marker[2] or '0')
      """;

  /** Advances the number and returns it; an error {@code FENCED} if the epoch is another one. */
  public OwnRequest advance(long epoch) {
    return OwnRequest.writing("EVAL", ADVANCE, "2", KEY, ABSENT, "" + database, "" + epoch);
  }

  /**
   * The same; whoever has the new number tells its subscribers of {@code channel} the {@code
   * sequence}, as publishing is replicated, too.
   */
  public OwnRequest advance(long epoch, String channel, long sequence) {
    return OwnRequest.writing(
        "EVAL", ADVANCE, "2", KEY, ABSENT, "" + database, "" + epoch, channel, "" + sequence);
  }

  /** Sets the marker to the beginning of {@code epoch}, unless it is there or further. */
  public OwnRequest begin(long epoch) {
    return OwnRequest.writing("EVAL", BEGIN, "2", KEY, ABSENT, "" + database, "" + epoch);
  }

  /** Asks for the {@link MarkerPosition}. */
  public OwnRequest read() {
    return OwnRequest.reading("EVAL", READ, "1", KEY, "" + database);
  }
}
