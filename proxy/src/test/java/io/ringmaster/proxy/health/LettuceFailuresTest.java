package io.ringmaster.proxy.health;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.lettuce.core.RedisClient;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.protocol.ProtocolVersion;
import io.ringmaster.cluster.topology.NodeId;
import io.ringmaster.protocol.ports.FreePorts;
import io.ringmaster.proxy.wire.FakeServer;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class LettuceFailuresTest {

  private static final Duration TIMEOUT = Duration.ofSeconds(10);

  @Test
  void whereNobodyListensTheConnectionIsRefused() {
    NodeId nobody = new NodeId("127.0.0.1", FreePorts.next());

    assertThat(failure(nobody, TIMEOUT)).isEqualTo("connection refused");
  }

  @Test
  void aNameThatStandsForNothingHasNoAddress() {
    assertThat(failure(new NodeId("name.invalid", 6379), TIMEOUT))
        .isEqualTo("its host name has no address");
  }

  @Test
  void aRefusalIsToldInTheWordsOfTheServer() {
    try (FakeServer server = new FakeServer().alwaysReply("-WRONGPASS invalid password\r\n")) {
      assertThat(failure(NodeId.parse(server.address()), TIMEOUT))
          .isEqualTo("WRONGPASS invalid password");
    }
  }

  @Test
  void aServerThatDoesNotAnswerIsToldWithTheTimeThatItHad() {
    try (FakeServer server = new FakeServer()) {
      NodeId node = NodeId.parse(server.address());
      assertThat(failure(node, Duration.ofMillis(300))).isEqualTo("no answer within 300 ms");
      assertThat(failure(node, Duration.ofSeconds(1))).isEqualTo("no answer within 1 s");
    }
  }

  @Test
  void aServerThatHangsUpHasLostTheConnection() {
    try (FakeServer server = new FakeServer().script(FakeServer.Exchange::hangUp)) {
      assertThat(failure(NodeId.parse(server.address()), TIMEOUT))
          .isIn("connection lost", "connection closed", "connection reset");
    }
  }

  @Test
  void whatIsNotKnownIsToldWithoutItsText() {
    assertThat(LettuceFailures.reason(new IllegalStateException("io.lettuce.Strange@1f")))
        .isEqualTo("it could not be asked");
  }

  private static String failure(NodeId node, Duration timeout) {
    try (RedisClient client = RedisClient.create(ServerClients.uri(node, "", "", timeout))) {
      client.setOptions(
          ServerClients.options(timeout, timeout)
              .protocolVersion(ProtocolVersion.RESP2)
              .pingBeforeActivateConnection(false)
              .build());
      return LettuceFailures.reason(
          catchThrowable(
              () -> {
                try (StatefulRedisConnection<String, String> connection = client.connect()) {
                  connection.sync().get("key");
                }
              }));
    }
  }
}
