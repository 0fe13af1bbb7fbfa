package io.ringmaster.it.gate;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;

/** The marker: what it survives, what it does not, and what scripts that touch it may rely on. */
class MarkerTest {

  @OnEveryServer
  void markerSurvivesARestartWhileHistoryAndRunIdDoNot(Servers servers) throws IOException {
    Server leader = servers.start(Server.DURABLE);
    servers.startReplicaOf(leader);
    Barrier.begin(leader, 7);
    assertThat(leader.call(Barrier.advance(7))).isEqualTo("1");
    String runId = leader.info("run_id");
    String history = leader.info("master_replid");

    leader.restart();

    assertThat(position(leader)).isEqualTo("7 1");
    assertThat(leader.info("run_id")).isNotEqualTo(runId);
    assertThat(leader.info("master_replid")).isNotEqualTo(history);
    assertThat(leader.info("master_replid2")).isEqualTo("0".repeat(40));
  }

  @OnEveryServer
  void offsetBeginsAtZeroAfterARestartButGoesOnInANewHistoryFromRedis8(Servers servers)
      throws IOException {
    Server leader = servers.start(Server.DURABLE);
    servers.startReplicaOf(leader);
    leader.call("SET", "key", "value");
    long offset = leader.number("master_repl_offset");

    leader.restart();

    boolean counts = servers.candidate().is("Redis") && !servers.candidate().isBefore(8, 0);
    long after = leader.number("master_repl_offset");
    servers.note("offset " + offset + ", after a restart " + after);
    assertThat(after > 0).isEqualTo(counts);
  }

  @OnEveryServer
  void aLeaderBeginsAnotherHistoryWithItsFirstReplica(Servers servers) throws IOException {
    Server leader = servers.start();
    leader.call("SET", "key", "value");
    String before = leader.info("master_replid");

    Server first = servers.startReplicaOf(leader);
    String history = leader.info("master_replid");
    servers.startReplicaOf(leader);

    assertThat(history).isNotEqualTo(before).isEqualTo(first.info("master_replid"));
    assertThat(leader.info("master_replid")).isEqualTo(history);
  }

  @OnEveryServer
  void markerIsReadBehindTheFenceOnceStaleDataMayBeServed(Servers servers) throws IOException {
    Server server =
        servers.start(
            "--replicaof",
            "127.0.0.1",
            "1",
            "--replica-serve-stale-data",
            "no",
            "--appendfsync",
            "always");
    server.promote();
    Barrier.begin(server, 7);
    server.restart();
    assertThat(position(server)).startsWith("-MASTERDOWN ");

    assertThat(server.call("CONFIG", "SET", "replica-serve-stale-data", "yes")).isEqualTo("OK");

    assertThat(position(server)).isEqualTo("7 0");
    assertThat(server.call("SET", "key", "value")).startsWith("-READONLY ");
    assertThat(server.call(Barrier.advance(7))).startsWith("-").contains("read only");
  }

  @OnEveryServer
  void barrierPassesWhenMemoryIsExhausted(Servers servers) throws IOException {
    Server leader = servers.start();
    servers.startReplicaOf(leader);
    Barrier.begin(leader, 7);
    exhaustMemory(leader);

    assertThat(leader.call("SET", "key", "value")).startsWith("-OOM ");
    assertThat(leader.call("DEL", "absent")).isEqualTo("0");
    assertThat(Barrier.run(leader.client(), 7, 1, 10_000)).containsExactly("1", "1", "7");
  }

  @OnEveryServer
  void scriptThatDoesNotDeleteFirstIsRefusedWhenMemoryIsExhausted(Servers servers)
      throws IOException {
    Server leader = servers.start();
    exhaustMemory(leader);

    String reply =
        leader.call("EVAL", "return redis.call('HINCRBY', KEYS[1], 'n', 1)", "1", "hash");

    String prefix = servers.candidate().isBefore(7, 0) ? "-ERR Error running script" : "-OOM ";
    assertThat(reply).startsWith(prefix).contains("OOM");
    assertThat(leader.call("EXISTS", "hash")).isEqualTo("0");
  }

  @OnEveryServer
  void errorInTheMiddleOfAScriptKeepsItsEarlierWrites(Servers servers) throws IOException {
    Server leader = servers.start();
    Server replica = servers.startReplicaOf(leader);
    Client client = leader.client();
    String script =
        "redis.call('SET', KEYS[1], 'kept'); redis.call('INCR', KEYS[1]); redis.call('DEL', KEYS[1])";

    assertThat(client.call("EVAL", script, "1", "key")).startsWith("-");
    assertThat(client.call("WAIT", "1", "10000")).isEqualTo("1");

    assertThat(leader.call("GET", "key")).isEqualTo("kept");
    assertThat(replica.call("GET", "key")).isEqualTo("kept");
  }

  private static void exhaustMemory(Server leader) throws IOException {
    assertThat(leader.call("CONFIG", "SET", "maxmemory-policy", "noeviction")).isEqualTo("OK");
    assertThat(leader.call("CONFIG", "SET", "maxmemory", "1")).isEqualTo("OK");
  }

  private static String position(Server server) throws IOException {
    return server.call(Barrier.read());
  }
}
