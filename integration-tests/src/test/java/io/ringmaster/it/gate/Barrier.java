package io.ringmaster.it.gate;

import java.io.IOException;
import java.util.List;

/** The position marker, and the script that raises it. */
final class Barrier {

  static final String POSITION = "\u0001rp:pos";
  static final String ABSENT = "\u0001rp:none";
  static final String RAISE =
      """
      redis.call('DEL', KEYS[2])
      local epoch = redis.call('HGET', KEYS[1], 'epoch')
      if epoch ~= ARGV[1] then return redis.error_reply('FENCED epoch ' .. tostring(epoch)) end
      return redis.call('HINCRBY', KEYS[1], 'n', 1)
      """;

  private Barrier() {}

  /** Sets the marker to the beginning of {@code epoch}. */
  static void begin(Server leader, long epoch) throws IOException {
    leader.call("HSET", POSITION, "epoch", "" + epoch, "n", "0");
  }

  static String[] raise(long epoch) {
    return new String[] {"EVAL", RAISE, "2", POSITION, ABSENT, "" + epoch};
  }

  /** Sends a whole barrier: script, wait, and a second look at the epoch. */
  static void send(Client client, long epoch, int replicas, int waitMillis) throws IOException {
    String[] wait = {"WAIT", "" + replicas, "" + waitMillis};
    String[] look = {"HGET", POSITION, "epoch"};
    client.sendTogether(List.of(raise(epoch), wait, look));
  }

  /** The replies to a whole barrier: number, replicas, epoch. */
  static List<String> run(Client client, long epoch, int replicas, int waitMillis)
      throws IOException {
    send(client, epoch, replicas, waitMillis);
    return client.receive(3);
  }
}
