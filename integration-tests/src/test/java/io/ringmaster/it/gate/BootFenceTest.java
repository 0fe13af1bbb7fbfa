package io.ringmaster.it.gate;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.List;
import java.util.stream.Stream;

/**
 * A server whose configuration makes it the replica of nobody harms no one, whatever it has on its
 * disk.
 */
class BootFenceTest {

  private static final String[] FENCE = {
    "--replicaof", "127.0.0.1", "1", "--replica-serve-stale-data", "no", "--appendfsync", "always"
  };

  @OnEveryServer
  void readsAreRefusedBehindTheFence(Servers servers) throws IOException {
    assertThat(servers.start(FENCE).call("GET", "key")).startsWith("-MASTERDOWN ");
  }

  @OnEveryServer
  void writesAreRefusedBehindTheFence(Servers servers) throws IOException {
    assertThat(servers.start(FENCE).call("SET", "key", "value")).startsWith("-READONLY ");
  }

  @OnEveryServer
  void scriptsAreRefusedBehindTheFence(Servers servers) throws IOException {
    Server fenced = servers.start(FENCE);

    assertThat(fenced.call("EVAL", "return 1", "0")).startsWith("-MASTERDOWN ");
    assertThat(fenced.call(Barrier.advance(1))).startsWith("-MASTERDOWN ");
  }

  @OnEveryServer
  void infoAnswersBehindTheFence(Servers servers) throws IOException {
    Server fenced = servers.start(FENCE);

    assertThat(fenced.info("role")).isEqualTo("slave");
    assertThat(fenced.info("run_id")).hasSize(40);
  }

  @OnEveryServer
  void pingBehindTheFence(Servers servers) throws IOException {
    String expected = servers.candidate().isBefore(7, 0) ? "PONG" : "-MASTERDOWN ";

    assertThat(servers.start(FENCE).call("PING")).startsWith(expected);
  }

  @OnEveryServer
  void serverThatLoadsBehindTheFenceSaysMasterdownAndNotLoading(Servers servers)
      throws IOException {
    Server server = servers.start(slow(FENCE));
    server.promote();

    assertThat(replyWhileLoading(server)).startsWith("-MASTERDOWN ");
  }

  @OnEveryServer
  void serverThatLoadsWithoutTheFenceSaysLoading(Servers servers) throws IOException {
    Server server = servers.start(slow(Server.DURABLE));

    assertThat(replyWhileLoading(server)).startsWith("-LOADING ");
  }

  @OnEveryServer
  void dataOnDiskIsThereAgainWhenTheFenceIsLifted(Servers servers) throws IOException {
    Server server = servers.start(FENCE);
    server.promote();
    server.fill(1000);

    server.restart();

    assertThat(server.call("GET", "key:1")).startsWith("-MASTERDOWN ");
    server.promote();
    assertThat(server.call("DBSIZE")).isEqualTo("1000");
  }

  @OnEveryServer
  void withoutTheFenceARestartedServerServesAtOnce(Servers servers) throws IOException {
    Server server = servers.start(Server.DURABLE);
    server.fill(1000);

    server.restart();

    assertThat(server.call("GET", "key:1")).isEqualTo("1");
    assertThat(server.call("SET", "key:1", "changed")).isEqualTo("OK");
  }

  @OnEveryServer
  void noReplicaCanSyncFromAFencedServer(Servers servers) throws IOException {
    Server fenced = servers.start(FENCE);
    Server other = servers.start();
    other.fill(1000);

    other.call("REPLICAOF", "127.0.0.1", fenced.port());
    fenced.awaitAttemptToSync();

    assertThat(other.info("master_link_status")).isEqualTo("down");
    assertThat(other.call("DBSIZE")).isEqualTo("1000");
  }

  @OnEveryServer
  void withoutTheFenceTheOtherServerIsReplacedByIt(Servers servers) throws IOException {
    Server empty = servers.start();
    Server other = servers.start();
    other.fill(1000);

    other.follow(empty);

    assertThat(other.call("DBSIZE")).isEqualTo("0");
  }

  @OnEveryServer
  void leaderRebornEmptyBehindTheFenceLeavesTheKeysOfItsReplicaAlone(Servers servers)
      throws IOException {
    Server leader = servers.start(FENCE);
    leader.promote();
    leader.fill(1000);
    Server replica = servers.startReplicaOf(leader, FENCE);

    leader.restartEmpty();
    leader.awaitAttemptToSync();

    assertThat(replica.info("master_link_status")).isEqualTo("down");
    replica.promote();
    assertThat(replica.call("DBSIZE")).isEqualTo("1000");
  }

  @OnEveryServer
  void leaderRebornEmptyWithoutTheFenceWipesItsReplica(Servers servers) throws IOException {
    Server leader = servers.start();
    leader.fill(1000);
    Server replica = servers.startReplicaOf(leader);
    assertThat(replica.call("DBSIZE")).isEqualTo("1000");

    leader.restartEmpty();

    Wait.until(() -> replica.call("DBSIZE").equals("0"));
  }

  /** Each key takes so many microseconds to load. */
  private static String[] slow(String... options) {
    return Stream.concat(Stream.of(options), Stream.of("--key-load-delay", "200"))
        .toArray(String[]::new);
  }

  private static String replyWhileLoading(Server server) throws IOException {
    server.fill(5000);
    Client client = server.restartUnready();
    client.sendTogether(List.of(new String[] {"GET", "key:1"}, new String[] {"INFO"}));
    String reply = client.receive();
    assertThat(Server.field(client.receive(), "loading")).isEqualTo("1");
    return reply;
  }
}
