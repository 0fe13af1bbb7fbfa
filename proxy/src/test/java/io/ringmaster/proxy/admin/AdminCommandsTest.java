package io.ringmaster.proxy.admin;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.ringmaster.cluster.topology.NodeId;
import io.ringmaster.cluster.topology.Shard;
import io.ringmaster.cluster.topology.Topology;
import io.ringmaster.protocol.ProtocolVersion;
import io.ringmaster.protocol.codec.ReplyWriter;
import io.ringmaster.proxy.health.Health;
import io.ringmaster.proxy.metadata.StaticTopology;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class AdminCommandsTest {
  private final Topology topology =
      Topology.initial(
          List.of(
              Shard.of("s1", NodeId.parse("127.0.0.1:7001"), NodeId.parse("127.0.0.1:7002")),
              Shard.of("s2", NodeId.parse("127.0.0.1:7003"))));
  private final AdminCommands admin =
      new AdminCommands(
          () -> topology,
          () -> new Health(Map.of(), 0),
          () -> Map.of("coordinators", 1),
          new StaticTopology(topology),
          () -> true);

  @Test
  void healthShowsEveryNodeOfEveryShard() {
    assertThat(AdminReply.json(admin.health("").orElseThrow()))
        .contains("\"id\":\"s1\"", "\"id\":\"s2\"")
        .contains("127.0.0.1:7001", "127.0.0.1:7002", "127.0.0.1:7003")
        .contains("\"role\":\"replica\"", "\"state\":\"unknown\"", "\"last-seen-ms\":-1")
        .contains("\"marker-epoch\":-1", "\"marker-number\":-1")
        .contains("\"lag-bytes\":-1", "\"lag-markers\":-1")
        .contains("\"in-sync\":false", "\"lost-data\":false");
  }

  @Test
  void healthOfOneShardShowsNoOther() {
    assertThat(AdminReply.json(admin.health("s2").orElseThrow()))
        .contains("127.0.0.1:7003")
        .doesNotContain("127.0.0.1:7001");
  }

  @Test
  void healthOfAnUnknownShardIsEmpty() {
    assertThat(admin.health("other")).isEmpty();
  }

  @Test
  void statusHasTheTopologysNumbersAndTheProxysOwn() {
    assertThat(AdminReply.json(admin.status()))
        .contains("\"shards\":2", "\"nodes\":3", "\"slots\":16384", "\"coordinators\":1");
  }

  @Test
  void ringShowsWeightShareAndRanges() {
    assertThat(AdminReply.json(admin.ring()))
        .contains("\"weight\":1", "\"share\":0.5", "\"ranges\":[", "\"keyspace\":\"default\"");
  }

  @Test
  void shardMapHasTheEpochTheNodesWithTheirRolesAndTheSlots() {
    assertThat(AdminReply.json(admin.shardMap()))
        .contains("\"epoch\":1", "{\"address\":\"127.0.0.1:7001\",\"role\":\"leader\"}")
        .contains("{\"address\":\"127.0.0.1:7002\",\"role\":\"replica\"}")
        .contains("\"keyspace\":\"default\"", "\"slots\":{\"s1\":[\"");
  }

  @Test
  void locateNamesSlotShardAndNodes() {
    Shard shard = topology.shardOf(12182);

    assertThat(AdminReply.json(admin.locate("foo".getBytes(StandardCharsets.UTF_8))))
        .contains("\"slot\":12182", "\"shard\":\"" + shard.id() + "\"")
        .contains("\"leader\":\"" + shard.leader().id() + "\"");
  }

  @Test
  void jsonEscapesWhatAKeyMayHold() {
    assertThat(AdminReply.json(admin.locate("a\"\\\n\u0001".getBytes(StandardCharsets.UTF_8))))
        .contains("\"key\":\"a\\\"\\\\\\n\\u0001\"");
  }

  @Test
  void mapsAreFlatArraysInResp2AndMapsInResp3() {
    Object value = Map.of("list", List.of("a", 1, true));

    assertThat(written(value, ProtocolVersion.RESP2))
        .isEqualTo("*2\r\n$4\r\nlist\r\n*3\r\n$1\r\na\r\n:1\r\n:1\r\n");
    assertThat(written(value, ProtocolVersion.RESP3))
        .isEqualTo("%1\r\n$4\r\nlist\r\n*3\r\n$1\r\na\r\n:1\r\n#t\r\n");
  }

  private static String written(Object value, ProtocolVersion version) {
    ByteBuf out = Unpooled.buffer();
    AdminReply.write(value, new ReplyWriter(out, version));
    return out.toString(StandardCharsets.US_ASCII);
  }
}
