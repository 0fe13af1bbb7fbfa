package io.ringmaster.proxy.dispatch;

import io.ringmaster.cluster.replication.Marker;
import io.ringmaster.protocol.OwnRequest;
import io.ringmaster.protocol.Request;
import io.ringmaster.protocol.codec.RequestFrame;
import io.ringmaster.protocol.command.CommandSpec;
import io.ringmaster.proxy.frontend.ClientConnection;
import java.util.ArrayList;
import java.util.List;

/**
 * Commands over a whole database as scripts that neither count nor delete the shard's marker. In
 * one script, so that nobody sees the shard without it.
 */
final class MarkerKeepers {

  private static final String SIZE = "return redis.call('DBSIZE') - redis.call('EXISTS', KEYS[1])";

  private static final String FLUSH =
      """
      redis.call('SELECT', '0')
      local marker = redis.call('HGETALL', KEYS[1])
      redis.call('SELECT', ARGV[1])
      redis.call(unpack(ARGV, 2))
      redis.call('SELECT', '0')
      if #marker > 0 and redis.call('EXISTS', KEYS[1]) == 0 then
        redis.call('HSET', KEYS[1], unpack(marker))
      end
      return redis.status_reply('OK')
      """;

  private MarkerKeepers() {}

  /** What to send instead of {@code request}; itself if it needs no care. */
  static Request request(ClientConnection client, CommandSpec command, RequestFrame request) {
    return switch (command.name()) {
      case "dbsize" -> OwnRequest.reading("EVAL", SIZE, "1", Marker.KEY);
      // A wrong one goes to the servers as it is: they say what is wrong with it.
      case "flushall", "flushdb" ->
          FlushMode.isValid(request, 1) ? flush(client, command, request) : request;
      default -> request;
    };
  }

  private static Request flush(ClientConnection client, CommandSpec command, RequestFrame request) {
    List<String> words = new ArrayList<>(List.of("EVAL", FLUSH, "1", Marker.KEY));
    words.add("" + client.session().database());
    words.add(command.name());
    if (request.count() > 1) {
      words.add(FlushMode.word(request, 1));
    }
    return OwnRequest.writing(words.toArray(String[]::new));
  }
}
