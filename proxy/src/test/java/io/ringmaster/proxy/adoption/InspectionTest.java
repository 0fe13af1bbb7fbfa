package io.ringmaster.proxy.adoption;

import static org.assertj.core.api.Assertions.assertThat;

import io.ringmaster.cluster.replication.Marker;
import io.ringmaster.cluster.topology.NodeId;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** A master on port 1 with replicas on ports 2 and 3, which nothing is wrong with. */
class InspectionTest {

  private static final NodeId MASTER = NodeId.parse("10.0.0.1:1");
  private static final NodeId SECOND = NodeId.parse("10.0.0.1:2");
  private static final NodeId THIRD = NodeId.parse("10.0.0.1:3");

  private final Map<String, String> info =
      new HashMap<>(
          Map.of(
              "redis_version", "7.0.15",
              "role", "master",
              "master_replid", "r",
              "slave0", "ip=10.0.0.1,port=2,state=online,offset=9,lag=0",
              "slave1", "ip=10.0.0.1,port=3,state=online,offset=9,lag=0",
              "db0", "keys=5,expires=0,avg_ttl=0"));
  private final Map<String, String> configuration =
      new HashMap<>(Map.of("appendonly", "yes", "databases", "16"));
  private final Map<String, String> second =
      new HashMap<>(
          Map.of(
              "redis_version", "7.0.15",
              "role", "slave",
              "slave_read_only", "1",
              "master_link_status", "up",
              "master_replid", "r"));
  private String clients = "";
  private List<String> users = List.of("user default on nopass ~* &* +@all");
  private List<String> reserved = List.of();
  private List<String> refusals = List.of();
  private Optional<Watch> watch = Optional.empty();

  @Test
  void findsNothingWhereNothingIsWrong() {
    assertThat(findings()).isEmpty();
  }

  @Test
  void refusesWhatIsTooOldOrClusteredOrRefusesItsRights() {
    info.put("redis_version", "6.0.9");
    info.put("cluster_enabled", "1");
    refusals = List.of("it has no command config");
    assertThat(findings())
        .contains(
            "obstacle: 10.0.0.1:1: it is older than Redis 6.2.0",
            "obstacle: 10.0.0.1:1: it is part of a Redis Cluster",
            "obstacle: 10.0.0.1:1: it has no command config");
  }

  @Test
  void refusesWhatProbesWouldFindUnfit() {
    info.put("maxmemory_policy", "allkeys-lfu");
    configuration.put("aclfile", "/etc/redis/users.acl");
    assertThat(findings())
        .containsExactly("obstacle: 10.0.0.1:1: its ACL file would keep users of earlier epochs");
    configuration.put("aclfile", "");
    assertThat(findings())
        .containsExactly(
            "obstacle: 10.0.0.1:1: its maxmemory-policy allkeys-lfu may evict the marker");
  }

  @Test
  void refusesReplicasThatAreBehind() {
    info.put("slave0", "ip=10.0.0.1,port=2,state=wait_bgsave,offset=0,lag=0");
    second.put("master_link_status", "down");
    assertThat(findings())
        .containsExactly(
            "obstacle: 10.0.0.1:2: it is not in sync with 10.0.0.1:1",
            "obstacle: 10.0.0.1:2: its link to the master is not up");
  }

  @Test
  void refusesReplicasThatAreNoServers() {
    info.put("slave2", "ip=10.0.0.9,port=0,state=online,offset=9,lag=0");
    assertThat(findings())
        .contains("obstacle: 10.0.0.1:1: a tool replicates it, which is no server");
  }

  @Test
  void refusesAMasterWhoseSentinelsWereNotNamed() {
    clients = "id=1 addr=10.0.0.7:9 name=sentinel-abcdef01-cmd user=default cmd=ping\n";
    assertThat(findings())
        .containsExactly(
            "obstacle: 10.0.0.1:1: 1 Sentinels watch it; name one of them with --from");
    watch = Optional.of(watched(List.of(SECOND, THIRD), "master"));
    assertThat(findings()).isEmpty();
  }

  @Test
  void refusesWhatSentinelsSeeOtherwise() {
    watch =
        Optional.of(watched(List.of(SECOND, THIRD, NodeId.parse("10.0.0.1:4")), "s_down,master"));
    assertThat(findings())
        .anyMatch(text -> text.contains("its Sentinels find it s_down master"))
        .anyMatch(text -> text.contains("10.0.0.1:4: Sentinels know it as a replica"))
        .hasSize(2);
  }

  @Test
  void refusesKeysAndDatabasesThatNobodyCouldReach() {
    reserved = List.of("\u0001x");
    info.put("db3", "keys=1,expires=0,avg_ttl=0");
    info.put("db15", "keys=1,expires=0,avg_ttl=0");
    info.put("db16", "keys=1,expires=0,avg_ttl=0");
    assertThat(findings())
        .anyMatch(text -> text.startsWith("obstacle: key \"\\x01x\" is reserved"))
        .anyMatch(text -> text.startsWith("obstacle: database 16 holds data"))
        .anyMatch(text -> text.startsWith("note: database 3 "))
        .anyMatch(text -> text.startsWith("obstacle: database 15 holds data"))
        .hasSize(4);
  }

  @Test
  void refusesUsersThatAnotherRingmasterMadeOrThatCannotBeShutOut() {
    users = List.of("user default on nopass ~* &* +@all", "user app on (~x +set)");
    assertThat(findings()).singleElement().asString().contains("user app has selectors");
    users = List.of("user rp-s1-2-data on ~* +@all");
    assertThat(findings()).singleElement().asString().contains("a Ringmaster uses it already");
  }

  @Test
  void tellsWhichCommandsClientsWouldMissAndWhoCannotWriteAnyMore() {
    info.put("cmdstat_blpop", "calls=1");
    info.put("cmdstat_get", "calls=1");
    info.put("cmdstat_psync", "calls=1");
    clients =
        """
        id=1 addr=10.0.0.7:9 name= db=0 flags=N cmd=set user=app resp=2
        id=2 addr=10.0.0.7:9 name=x db=0 flags=N cmd=get user=app resp=2
        id=3 addr=10.0.0.1:2 name= db=0 flags=S cmd=replconf user=default resp=2
        """;
    assertThat(findings())
        .containsExactly(
            "warning: commands that were used and are refused: blpop",
            "note: 2 clients are connected as user app: they can go on reading, their writes are"
                + " refused");
  }

  private List<String> findings() {
    Map<String, String> third = new HashMap<>(second);
    third.put("master_link_status", "up");
    ServerReport master =
        new ServerReport(
            MASTER, true, info, configuration, clients, users, List.of(), 0, reserved, refusals);
    List<ServerReport> reports = List.of(master, replica(SECOND, second), replica(THIRD, third));
    return new Inspection(new Origin(MASTER, watch), reports, 15, new Marker(15), false)
        .findings().stream().map(Finding::toString).toList();
  }

  private static ServerReport replica(NodeId node, Map<String, String> info) {
    return new ServerReport(
        node,
        false,
        info,
        Map.of("appendonly", "yes"),
        "",
        List.of(),
        List.of(),
        0,
        List.of(),
        List.of());
  }

  private static Watch watched(List<NodeId> replicas, String flags) {
    return new Watch("it", "2", List.of(NodeId.parse("10.0.0.7:26379")), replicas, flags);
  }
}
