package io.ringmaster.it.gate;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.List;

/** A member is cut from its leader by {@code REPLICAOF 127.0.0.1 1} before its position is read. */
class SealTest {

  /** No pings in the stream: an old leader is not ahead by them. */
  private static final String[] SILENT = {"--repl-ping-replica-period", "3600"};

  @OnEveryServer
  void sealKeepsDataOffsetAndHistory(Servers servers) throws IOException {
    Server leader = servers.start(SILENT);
    Server replica = servers.startReplicaOf(leader, SILENT);
    write(leader, "key", "value");
    Wait.until(() -> replica.call("GET", "key").equals("value"));
    String offset = leader.info("master_repl_offset");
    String history = leader.info("master_replid");

    replica.seal();

    assertThat(replica.call("GET", "key")).isEqualTo("value");
    assertThat(replica.info("slave_repl_offset")).isEqualTo(offset);
    assertThat(replica.info("master_replid")).isEqualTo(history);
  }

  @OnEveryServer
  void oldLeaderGetsNoAcknowledgementFromASealedReplica(Servers servers) throws IOException {
    Server leader = servers.start();
    Server replica = servers.startReplicaOf(leader);
    Barrier.begin(leader, 1);
    assertThat(Barrier.run(leader.client(), 1, 1, 10_000)).containsExactly("1", "1", "1");

    replica.seal();

    assertThat(Barrier.run(leader.client(), 1, 1, 50)).containsExactly("2", "0", "1");
    assertThat(replica.call(Barrier.read())).isEqualTo("1 1");
  }

  @OnEveryServer
  void sealedReplicaRefusesWrites(Servers servers) throws IOException {
    Server leader = servers.start();
    Server replica = servers.startReplicaOf(leader);

    replica.seal();

    assertThat(replica.call("SET", "key", "value")).startsWith("-READONLY ");
  }

  @OnEveryServer
  void sealedMembersSyncPartiallyWithTheOneThatIsPromoted(Servers servers) throws IOException {
    Server leader = servers.start(SILENT);
    Server first = servers.startReplicaOf(leader, SILENT);
    Server second = servers.startReplicaOf(leader, SILENT);
    write(leader, "key", "value");
    for (Server replica : List.of(first, second)) {
      Wait.until(() -> replica.call("GET", "key").equals("value"));
      replica.seal();
    }

    first.promote();
    second.follow(first);

    assertThat(first.info("sync_partial_ok")).isEqualTo("1");
    assertThat(first.info("sync_full")).isEqualTo("0");
  }

  @OnEveryServer
  void oldLeaderWithoutAFurtherWriteRejoinsByPartialSync(Servers servers) throws IOException {
    Server leader = servers.start(SILENT);
    Server replica = servers.startReplicaOf(leader, SILENT);
    write(leader, "key", "value");
    Wait.until(() -> replica.call("GET", "key").equals("value"));
    replica.seal();

    replica.promote();
    leader.follow(replica);

    assertThat(replica.info("sync_partial_ok")).isEqualTo("1");
    assertThat(replica.info("sync_full")).isEqualTo("0");
  }

  @OnEveryServer
  void oldLeaderWithAFurtherWriteRejoinsByFullSyncAndLosesIt(Servers servers) throws IOException {
    Server leader = servers.start(SILENT);
    Server replica = servers.startReplicaOf(leader, SILENT);
    write(leader, "key", "value");
    Wait.until(() -> replica.call("GET", "key").equals("value"));
    replica.seal();

    write(leader, "key", "diverged");
    replica.promote();
    write(replica, "other", "new");
    leader.follow(replica);

    assertThat(replica.info("sync_full")).isEqualTo("1");
    assertThat(leader.call("GET", "key")).isEqualTo("value");
    assertThat(leader.call("GET", "other")).isEqualTo("new");
  }

  @OnEveryServer
  void sealedReplicaHoldsABeginningOfWhatItsLeaderSent(Servers servers) throws IOException {
    Server leader = servers.start();
    Server replica = servers.startReplicaOf(leader);
    Client client = replica.client();
    String sent = "0123456789".repeat(10);

    replica.pause();
    for (String change : sent.split("")) {
      leader.call("APPEND", "key", change);
    }
    client.sendTogether(
        List.of(new String[] {"REPLICAOF", "127.0.0.1", "1"}, new String[] {"GET", "key"}));
    replica.resume();

    assertThat(client.receive()).isEqualTo("OK");
    String held = client.receive().replace("nil", "");
    servers.note(held.length() + " of 100 unread changes were applied before the seal");
    assertThat(sent).startsWith(held);
    assertThat(replica.call("GET", "key").replace("nil", "")).isEqualTo(held);
  }

  private static void write(Server leader, String key, String value) throws IOException {
    assertThat(leader.call("SET", key, value)).isEqualTo("OK");
  }
}
