package io.ringmaster.it.gate;

import static org.assertj.core.api.Assertions.assertThat;

import io.ringmaster.cluster.replication.Marker;
import io.ringmaster.proxy.dispatch.Flushes;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;

/** The marker in a database of its own: what clients do in theirs does not reach it. */
class MarkerDatabaseTest {

  private static final String[] RIGHTS = {"~*", "&*", "+@all", "-@admin", "-flushall", "-swapdb"};

  @OnEveryServer
  void aConnectionStaysInItsDatabase(Servers servers) throws IOException {
    Server leader = servers.start();
    Server replica = servers.startReplicaOf(leader);
    Barrier.begin(leader, 7);
    Client client = leader.client();
    client.call("SELECT", "3");

    client.sendTogether(
        List.of(
            new String[] {"SET", "before", "x"},
            Barrier.advance(7),
            new String[] {"SET", "behind", "x"},
            Barrier.read(),
            new String[] {"SET", "last", "x"}));

    assertThat(client.receive(5)).containsExactly("OK", "1", "OK", "7 1", "OK");
    assertThat(client.call("DBSIZE")).isEqualTo("3");
    assertThat(client.call("WAIT", "1", "10000")).isEqualTo("1");
    for (Server server : List.of(leader, replica)) {
      Client other = server.client();
      assertThat(other.call("DBSIZE")).isEqualTo("0");
      other.call("SELECT", "3");
      assertThat(other.call("EXISTS", "before", "behind", "last")).isEqualTo("3");
      other.call("SELECT", "15");
      assertThat(other.call("KEYS", "*")).isEqualTo("[" + Barrier.POSITION + "]");
    }
  }

  @OnEveryServer
  void aTransactionStaysInItsDatabase(Servers servers) throws IOException {
    Server leader = servers.start();
    Barrier.begin(leader, 7);
    Client client = leader.client();

    client.call("MULTI");
    client.call("SET", "before", "x");
    client.call(Barrier.advance(7));
    client.call("SET", "behind", "x");

    assertThat(client.call("EXEC")).isEqualTo("[OK, 1, OK]");
    assertThat(client.call("DBSIZE")).isEqualTo("2");
  }

  @OnEveryServer
  void clientsCannotComeAcrossIt(Servers servers) throws IOException {
    Server leader = servers.start();
    Barrier.begin(leader, 7);
    Client data = client(leader);
    data.call("SET", "key", "value");

    assertThat(data.call("FLUSHALL")).startsWith("-NOPERM ");
    assertThat(data.call("SWAPDB", "0", "15")).startsWith("-NOPERM ");
    assertThat(data.call("EVAL", "return redis.call('FLUSHALL')", "0")).startsWith("-");
    assertThat(data.call("EVAL", "return redis.call('SWAPDB', 0, 15)", "0")).startsWith("-");
    String all = "return redis.call('DEL', unpack(redis.call('KEYS', '*')))";
    assertThat(data.call("EVAL", all, "0")).isEqualTo("1");
    assertThat(data.call("EVAL", "return redis.call('FLUSHDB')", "0")).isEqualTo("OK");
    assertThat(data.call("SCAN", "0")).isEqualTo("[0, []]");
    assertThat(data.call("RANDOMKEY")).isEqualTo("nil");
    assertThat(data.call("DBSIZE")).isEqualTo("0");

    assertThat(data.call(Barrier.advance(7))).isEqualTo("1");
  }

  @OnEveryServer
  void clientsMayEmptyTheirDatabasesInOneScript(Servers servers) throws IOException {
    Server leader = servers.start();
    Server replica = servers.startReplicaOf(leader);
    Barrier.begin(leader, 7);
    Client data = client(leader);
    for (int database = 14; database >= 0; database--) {
      data.call("SELECT", "" + database);
      data.call("SET", "key", "value");
    }

    String[] flush = Barrier.words(new Flushes(Barrier.MARKER, 15).emptying("ASYNC", 0, 14));
    assertThat(data.call(flush)).isEqualTo("OK");
    assertThat(data.call("WAIT", "1", "10000")).isEqualTo("1");

    for (Server server : List.of(leader, replica)) {
      assertThat(server.call("INFO", "keyspace")).contains("db15:keys=1").doesNotContain("db0");
      assertThat(server.call(Barrier.read())).isEqualTo("7 0");
    }
  }

  @OnEveryServer
  void whereThereIsOneDatabaseOnlyItIsKeptWhenThatIsEmptied(Servers servers) throws IOException {
    Server leader = servers.start("--databases", "1");
    Marker shared = new Marker(0);
    leader.call(Barrier.words(shared.begin(7)));
    leader.fill(1000);

    String[] flush = Barrier.words(new Flushes(shared, 1).emptying("SYNC", 0, 0));
    assertThat(client(leader).call(flush)).isEqualTo("OK");

    assertThat(leader.call("DBSIZE")).isEqualTo("1");
    assertThat(leader.call(Barrier.words(shared.read()))).isEqualTo("7 0");
    assertThat(leader.call(Barrier.advance(7))).startsWith("-");
  }

  @OnEveryServer
  void aFullCopyHasIt(Servers servers) throws IOException {
    Server leader = servers.start();
    Barrier.begin(leader, 7);
    leader.call(Barrier.advance(7));

    Server replica = servers.startReplicaOf(leader);

    assertThat(replica.call(Barrier.read())).isEqualTo("7 1");
  }

  private static Client client(Server server) throws IOException {
    String[] words = {"ACL", "SETUSER", "data", "reset", "on", ">secret"};
    server.call(concatenated(words, RIGHTS));
    return server.client("data", "secret");
  }

  private static String[] concatenated(String[] first, String[] second) {
    String[] all = Arrays.copyOf(first, first.length + second.length);
    System.arraycopy(second, 0, all, first.length, second.length);
    return all;
  }
}
