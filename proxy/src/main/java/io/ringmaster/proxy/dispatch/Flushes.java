package io.ringmaster.proxy.dispatch;

import io.ringmaster.cluster.replication.Marker;
import io.ringmaster.protocol.OwnRequest;
import io.ringmaster.protocol.Request;
import io.ringmaster.protocol.codec.RequestFrame;
import io.ringmaster.protocol.command.CommandSpec;
import io.ringmaster.proxy.frontend.ClientConnection;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/**
 * FLUSHALL and FLUSHDB as scripts that empty the databases of clients and leave the shard its
 * marker. In one script, so that nobody sees the shard without it.
 *
 * @param marker of the shards
 * @param databases how many are the clients'
 */
public record Flushes(Marker marker, int databases) {

  private static final String FLUSH =
      """
      redis.call('SELECT', ARGV[1])
      local marker = redis.call('HGETALL', KEYS[1])
      for i = 3, #ARGV do
        redis.call('SELECT', ARGV[i])
        redis.call('FLUSHDB', ARGV[2])
      end
      redis.call('SELECT', ARGV[1])
      if #marker > 0 and redis.call('EXISTS', KEYS[1]) == 0 then
        redis.call('HSET', KEYS[1], unpack(marker))
      end
      return redis.status_reply('OK')
      """;

  private static final String USUAL = "SYNC";

  /** What to send instead of {@code request}; itself if it needs no care. */
  Request request(ClientConnection client, CommandSpec command, RequestFrame request) {
    int selected = client.session().preferences().database();
    boolean all = command.name().equals("flushall");
    boolean one = command.name().equals("flushdb") && selected == marker.database();
    // A wrong one goes to the servers as it is: they say what is wrong with it.
    if (!(all || one) || !FlushMode.isValid(request, 1)) {
      return request;
    }
    String mode = request.count() > 1 ? FlushMode.word(request, 1) : USUAL;
    return all ? emptying(mode, 0, databases - 1) : emptying(mode, selected, selected);
  }

  /** Empties the databases from {@code first} to {@code last}. */
  public OwnRequest emptying(String mode, int first, int last) {
    List<String> words = new ArrayList<>(List.of("EVAL", FLUSH, "1", Marker.KEY));
    words.add("" + marker.database());
    words.add(mode);
    IntStream.rangeClosed(first, last).forEach(database -> words.add("" + database));
    return OwnRequest.writing(words.toArray(String[]::new));
  }
}
