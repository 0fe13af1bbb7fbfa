package io.ringmaster.cluster.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** Users, transactions and settings of simulated servers are like those of real ones. */
class AdministrationTest {

  private final ServerTestbed testbed = new ServerTestbed();
  private final SimulatedServer leader = testbed.server(1, ServerConfiguration.ORDINARY);
  private final SimulatedServer replica = testbed.server(2, ServerConfiguration.ORDINARY);
  private final ServerTestbed.Client atLeader = testbed.client(leader);
  private final ServerTestbed.Client atReplica = testbed.client(replica);

  private void follow(String password) {
    atReplica.ask("CONFIG", "SET", "masteruser", "r");
    atReplica.ask("CONFIG", "SET", "masterauth", password);
    atReplica.ask("REPLICAOF", "redis", "1");
  }

  @Test
  void aReplicaLogsInAtItsLeader() {
    atLeader.ask("ACL", "SETUSER", "r", "reset", "on", ">secret");
    atLeader.ask("SET", "k", "v");
    follow("wrong");
    assertThat(atReplica.ask("INFO", "replication")).contains("master_link_status:down");
    follow("secret");
    assertThat(atReplica.ask("INFO", "replication")).contains("master_link_status:up");
    assertThat(replica.database().string("k")).isEqualTo("v");
  }

  @Test
  void aUserThatIsDeletedTakesItsReplicasAlong() {
    atLeader.ask("ACL", "SETUSER", "r", "reset", "on", ">secret");
    follow("secret");
    atLeader.ask("ACL", "DELUSER", "r");
    atLeader.ask("SET", "k", "v");
    assertThat(atReplica.ask("INFO", "replication")).contains("master_link_status:down");
    assertThat(replica.database().string("k")).isNull();
  }

  @Test
  void aLeaderThatWasRestartedIsNotFollowed() {
    atLeader.ask("ACL", "SETUSER", "r", "reset", "on", ">secret");
    follow("secret");
    atLeader.ask("SET", "k", "v");
    leader.crash();
    leader.restart(Disk.Survival.NONE);
    testbed.run();
    assertThat(replica.isSynchronizedWith(leader.address())).isFalse();
    assertThat(replica.database().string("k")).isEqualTo("v");
    assertThat(leader.following()).isNull();
  }

  @Test
  void evenADurableServerForgetsWhileItsFileIsWrittenAnewAfterAFullCopy() {
    SimulatedServer durable = testbed.server(3, ServerConfiguration.DURABLE);
    ServerTestbed.Client atDurable = testbed.client(durable);
    atDurable.ask("SET", "old", "v");
    atLeader.ask("SET", "new", "v");
    atDurable.send("REPLICAOF", "redis", "1");
    while (durable.database().string("new") == null) {
      testbed.run(100);
    }
    durable.crash();
    durable.restart(Disk.Survival.ALL);
    assertThat(durable.database().string("old")).isEqualTo("v");
    assertThat(durable.database().string("new")).isNull();
  }

  @Test
  void killingTheConnectionsOfAUserMaySpareOnesOwn() {
    atLeader.ask("ACL", "SETUSER", "u", "reset", "on", ">secret");
    ServerTestbed.Client other = testbed.client(leader);
    other.ask("AUTH", "u", "secret");
    atLeader.ask("AUTH", "u", "secret");
    assertThat(atLeader.ask("CLIENT", "KILL", "USER", "u", "SKIPME", "yes")).isEqualTo("1");
    assertThat(other.replies()).endsWith("closed");
    assertThat(atLeader.ask("GET", "k")).isEmpty();
  }

  @Test
  void aTransactionHappensWhenItEnds() {
    atLeader.ask("MULTI");
    assertThat(atLeader.ask("SET", "k", "v")).isEqualTo("QUEUED");
    assertThat(leader.database().string("k")).isNull();
    atLeader.ask("EXEC");
    assertThat(leader.database().string("k")).isEqualTo("v");
  }
}
