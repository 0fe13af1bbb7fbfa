package io.ringmaster.proxy.health;

import static org.assertj.core.api.Assertions.assertThat;

import io.ringmaster.cluster.replication.Marker;
import io.ringmaster.cluster.topology.NodeId;
import io.ringmaster.cluster.topology.Shard;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A leader with one replica. */
class FitnessTest {

  private static final Optional<Shard> SHARD =
      Optional.of(Shard.of("s1", NodeId.parse("127.0.0.1:1"), NodeId.parse("127.0.0.1:2")));

  private final Eligibility eligibility =
      new Eligibility(() -> SHARD, false, Fencing.NEEDLESS, new Marker(15), 15);
  private final Map<String, String> info = new HashMap<>(Map.of("redis_version", "7.0.15"));
  private final Map<String, String> configuration =
      new HashMap<>(Map.of("appendonly", "yes", "save", "", "aclfile", ""));
  private String clients = "id=3 addr=127.0.0.1:4000 name= cmd=get\n";

  @Test
  void aServerWithoutTheDatabaseOfTheMarkerIsNot() {
    configuration.put("databases", "16");
    assertThat(reason(true)).isEmpty();
    configuration.put("databases", "15");
    assertThat(reason(true)).contains("number 15", "backend.marker-database");
    assertThat(reason(false)).contains("backend.marker-database");
  }

  @Test
  void aServerWithoutTheDatabasesOfClientsIsNot() {
    Eligibility shared = new Eligibility(() -> SHARD, false, Fencing.NEEDLESS, new Marker(0), 16);
    configuration.put("databases", "16");
    assertThat(shared.reason(facts(), false)).isEmpty();
    configuration.put("databases", "4");
    assertThat(shared.reason(facts(), false))
        .isEqualTo("it has 4 databases, and clients may use 16 (backend.databases)");
  }

  @Test
  void whatNothingFencesIsNotFit() {
    Eligibility unfenced = new Eligibility(() -> SHARD, false, Fencing.MISSING, new Marker(15), 15);
    assertThat(unfenced.reason(facts(), true)).contains("coordinator.fence");
  }

  @Test
  void anOrdinaryServerIsFit() {
    assertThat(reason(true)).isEmpty();
    assertThat(reason(false)).isEmpty();
    assertThat(warning(true)).isEmpty();
    assertThat(warning(false)).isEmpty();
  }

  @Test
  void aLeaderThatMayEvictTheMarkerIsNot() {
    info.put("maxmemory_policy", "allkeys-lfu");
    assertThat(reason(true)).isEqualTo("its maxmemory-policy allkeys-lfu may evict the marker");
    assertThat(reason(false)).contains("may evict what it acknowledges, once it leads");
    info.put("maxmemory_policy", "volatile-lru");
    assertThat(reason(true)).isEmpty();
  }

  @Test
  void aLeaderWithAStrangerAmongItsReplicasIsNot() {
    info.put("slave0", "ip=127.0.0.1,port=2,state=online,offset=1,lag=0");
    assertThat(reason(true)).isEmpty();
    info.put("slave1", "ip=127.0.0.1,port=3,state=online,offset=1,lag=0");
    assertThat(reason(true)).contains("not of this shard: 127.0.0.1:3");
  }

  @Test
  void itsReplicasAreKnownByAnyFormOfTheirAddresses() {
    Optional<Shard> shard =
        Optional.of(Shard.of("s1", NodeId.parse("[::1]:1"), NodeId.parse("[0:0:0:0:0:0:0:1]:2")));
    Eligibility onIpv6 = new Eligibility(() -> shard, false, Fencing.NEEDLESS, new Marker(15), 15);
    info.put("slave0", "ip=::1,port=2,state=online,offset=1,lag=0");
    info.put("slave1", "ip=::ffff:127.0.0.1,port=2,state=online,offset=1,lag=0");
    assertThat(onIpv6.reason(facts(), true)).contains("not of this shard: 127.0.0.1:2");
    assertThat(reason(true)).contains("not of this shard: [::1]:2");
    info.remove("slave0");
    assertThat(reason(true)).isEmpty();
  }

  @Test
  void aLeaderThatASentinelWatchesIsNot() {
    clients = "id=3 addr=127.0.0.1:4000 name=sentinel-0123abcd-cmd cmd=ping\n";
    assertThat(reason(true)).isEqualTo("a Sentinel watches it");
  }

  @ParameterizedTest
  @ValueSource(strings = {"6.2.0", "6.2.99", "7.0.15", "7.2.6", "7.4.1", "8.0.6"})
  void versionsOfRedisThatWereTriedAreFitAndSoAreTheirPatchReleases(String version) {
    info.put("redis_version", version);
    assertThat(reason(true)).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"5.0.14", "6.0.20", "7.1.240", "8.2.1", "8", "80.0.1", ""})
  void otherVersionsAreNot(String version) {
    info.put("redis_version", version);
    assertThat(reason(true)).startsWith("Redis ").contains("was never tried");
    assertThat(reason(false)).contains(version).contains("consistency.untested-versions");
  }

  @Test
  void valkeyHasVersionsOfItsOwn() {
    info.put("redis_version", "7.2.4");
    info.put("server_name", "valkey");
    info.put("valkey_version", "9.1.0");
    assertThat(reason(true)).isEmpty();
    info.put("valkey_version", "8.1.0");
    assertThat(reason(true)).startsWith("Valkey 8.1.0 was never tried");
  }

  @Test
  void aForkIsNotTheVersionThatItIsCompatibleWith() {
    info.put("server_name", "other");
    assertThat(reason(true)).startsWith("other 7.0.15 was never tried");
  }

  @Test
  void versionsNeverTriedMayBeAllowed() {
    info.put("redis_version", "8.2.1");
    Eligibility allowing = new Eligibility(() -> SHARD, true, Fencing.NEEDLESS, new Marker(15), 15);
    assertThat(allowing.reason(facts(), true)).isEmpty();
    assertThat(allowing.reason(facts(), false)).isEmpty();
  }

  @Test
  void aReplicaThatSkipsWritesWhenItsMemoryIsFullIsNot() {
    configuration.put("replica-ignore-maxmemory", "no");
    info.put("maxmemory", "0");
    assertThat(reason(false)).isEmpty();
    info.put("maxmemory", "1000000");
    assertThat(reason(false)).contains("replica-ignore-maxmemory no");
    assertThat(reason(true)).isEmpty();
    configuration.put("replica-ignore-maxmemory", "yes");
    assertThat(reason(false)).isEmpty();
  }

  @Test
  void aReplicaThatDropsItsDataBeforeAFullSyncIsNot() {
    configuration.put("repl-diskless-load", "flush-before-load");
    assertThat(reason(false)).contains("repl-diskless-load flush-before-load");
    configuration.put("repl-diskless-load", "swapdb");
    assertThat(reason(false)).isEmpty();
  }

  @Test
  void anAclFileMattersWhereUsersOfAnEpochMustBeGoneAfterARestart() {
    configuration.put("aclfile", "/etc/redis/users.acl");
    assertThat(reason(true)).isEmpty();
    Eligibility fenced = new Eligibility(() -> SHARD, false, Fencing.USERS, new Marker(15), 15);
    assertThat(fenced.reason(facts(), true))
        .isEqualTo("its ACL file would keep users of earlier epochs");
    assertThat(fenced.reason(facts(), false)).contains("ACL file");
    configuration.put("aclfile", "");
    assertThat(fenced.reason(facts(), true)).isEmpty();
  }

  @Test
  void whatIsUnwiseButBreaksNoPromiseIsAWarning() {
    configuration.put("min-replicas-to-write", "1");
    assertThat(warning(true)).isEmpty();
    configuration.put("min-replicas-to-write", "2");
    assertThat(warning(true)).contains("min-replicas-to-write is 2, its replicas are 1");
    assertThat(warning(false)).isEmpty();
    info.put("slave_read_only", "0");
    assertThat(warning(false)).contains("replica-read-only no");
    configuration.put("appendonly", "no");
    assertThat(warning(true)).isEqualTo("it keeps nothing on disk");
    assertThat(reason(true)).isEmpty();
    configuration.clear();
    assertThat(warning(true)).isEqualTo("it does not tell its configuration");
  }

  @Test
  void onlySomeConfigurationsHaveEveryWriteOnDisk() {
    assertThat(Eligibility.syncsEachWrite(facts())).isFalse();
    configuration.put("appendfsync", "always");
    assertThat(Eligibility.syncsEachWrite(facts())).isFalse();
    configuration.put("no-appendfsync-on-rewrite", "no");
    assertThat(Eligibility.syncsEachWrite(facts())).isTrue();
    configuration.put("appendonly", "no");
    assertThat(Eligibility.syncsEachWrite(facts())).isFalse();
  }

  private String reason(boolean leads) {
    return eligibility.reason(facts(), leads);
  }

  private String warning(boolean leads) {
    return eligibility.warning(facts(), leads);
  }

  private Eligibility.Facts facts() {
    return new Eligibility.Facts(info, configuration, clients);
  }
}
