package io.ringmaster.proxy.health;

import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisException;
import io.lettuce.core.api.StatefulRedisConnection;
import io.ringmaster.cluster.topology.NodeId;
import io.ringmaster.protocol.InfoFields;
import java.util.Map;

/** A server that is to become part of a shard, where it loses all that it holds. */
public final class JoinCheck {

  private JoinCheck() {}

  /** Why the server must not be taken; empty if it may. Blocks until it has answered. */
  public static String objection(NodeId node, ProbeSettings settings) {
    try (RedisClient client = RedisClient.create(settings.uri(node))) {
      client.setOptions(ServerClients.options(settings.timeout(), settings.timeout()).build());
      try (StatefulRedisConnection<String, String> connection = client.connect()) {
        return objection(
            InfoFields.parse(connection.sync().info("keyspace")),
            InfoFields.parse(connection.sync().info("replication")));
      }
    } catch (RedisException failure) {
      return "it does not answer: " + LettuceFailures.reason(failure);
    }
  }

  private static String objection(Map<String, String> keyspace, Map<String, String> replication) {
    if (keyspace.keySet().stream().anyMatch(field -> field.startsWith("db"))) {
      return "it holds keys, which would be lost: empty it first";
    }
    return replication.getOrDefault("connected_slaves", "0").equals("0")
        ? ""
        : "other servers replicate it, and would be emptied";
  }
}
