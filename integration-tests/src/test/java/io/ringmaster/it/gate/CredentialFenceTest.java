package io.ringmaster.it.gate;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Servers with an ordinary configuration file: users that exist at run time only are unknown to a
 * leader that starts again, so its replicas and old clients cannot talk to it.
 */
class CredentialFenceTest {

  @OnEveryServer
  void leaderRebornEmptyDoesNotKnowTheReplicasUserAndTheReplicaKeepsItsKeys(Servers servers)
      throws IOException {
    Server leader = servers.start();
    Server replica = servers.start();
    followAsUser(leader, replica);

    leader.restartEmpty();
    leader.awaitAttemptToSync();

    assertThat(replica.info("master_link_status")).isEqualTo("down");
    assertThat(replica.call("DBSIZE")).isEqualTo("1000");
  }

  @OnEveryServer
  void withTheDefaultUserTheReplicaIsWiped(Servers servers) throws IOException {
    Server leader = servers.start();
    leader.fill(1000);
    Server replica = servers.start();
    replica.call("CONFIG", "SET", "masteruser", "default");
    replica.call("CONFIG", "SET", "masterauth", "any");
    replica.follow(leader);

    leader.restartEmpty();

    Wait.until(() -> replica.call("DBSIZE").equals("0"));
  }

  @OnEveryServer
  void whenTheUserWasSavedTheReplicaIsWiped(Servers servers) throws IOException {
    Path users = Files.createFile(servers.folder().resolve("users.acl"));
    Server leader = servers.start("--aclfile", "" + users);
    Server replica = servers.start();
    followAsUser(leader, replica);
    assertThat(leader.call("ACL", "SAVE")).isEqualTo("OK");

    leader.restartEmpty();

    Wait.until(() -> replica.call("DBSIZE").equals("0"));
  }

  @OnEveryServer
  void usersOfClientsAreUnknownAfterARestart(Servers servers) throws IOException {
    Server server = servers.start(Server.DURABLE);
    server.call("ACL", "SETUSER", "data", "on", ">secret", "~*", "+@all");
    assertThat(server.client("data", "secret").call("SET", "key", "value")).isEqualTo("OK");

    server.restart();

    assertThat(server.client().call("AUTH", "data", "secret")).startsWith("-WRONGPASS ");
    assertThat(server.call("GET", "key")).isEqualTo("value");
  }

  @OnEveryServer
  void aReplicaThatComesAsAUserWithoutTheRightToSyncIsRefused(Servers servers) throws IOException {
    Server leader = servers.start();
    Server replica = servers.start();
    followAsUser(leader, replica);
    replica.seal();
    Wait.until(() -> !leader.counts(replica));

    leader.call("ACL", "SETUSER", "default", "-psync", "-sync");
    replica.call("CONFIG", "SET", "masteruser", "default");
    replica.call("CONFIG", "SET", "masterauth", "any");
    replica.call("REPLICAOF", "127.0.0.1", leader.port());
    leader.awaitAttemptToSync();
    assertThat(leader.counts(replica)).isFalse();
    assertThat(leader.call("SET", "key", "value")).isEqualTo("OK");

    replica.call("CONFIG", "SET", "masteruser", "replica");
    replica.call("CONFIG", "SET", "masterauth", "secret");
    Wait.until(() -> leader.counts(replica));
  }

  @OnEveryServer
  void aUserWithoutTheRightToWriteCanNeitherByScriptNorOverAnOpenConnection(Servers servers)
      throws IOException {
    Server server = servers.start();
    Client open = server.client();
    assertThat(open.call("SET", "key", "value")).isEqualTo("OK");

    server.call("ACL", "SETUSER", "default", "-psync", "-sync", "-@write");

    assertThat(open.call("SET", "key", "other")).startsWith("-NOPERM ");
    assertThat(open.call("EVAL", "return redis.call('SET', KEYS[1], '')", "1", "key"))
        .startsWith("-");
    assertThat(open.call("FLUSHALL")).startsWith("-NOPERM ");
    assertThat(open.call("GET", "key")).isEqualTo("value");
    assertThat(open.call("CONFIG", "SET", "maxmemory", "0")).isEqualTo("OK");
  }

  private static void followAsUser(Server leader, Server replica) throws IOException {
    leader.fill(1000);
    leader.call("ACL", "SETUSER", "replica", "on", ">secret", "+psync", "+replconf", "+ping");
    replica.call("CONFIG", "SET", "masteruser", "replica");
    replica.call("CONFIG", "SET", "masterauth", "secret");
    replica.follow(leader);
    assertThat(replica.call("DBSIZE")).isEqualTo("1000");
  }
}
