package io.ringmaster.proxy.dispatch;

import static org.assertj.core.api.Assertions.assertThat;

import io.ringmaster.proxy.wire.FakeShards;
import io.ringmaster.proxy.wire.RawClient;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** COPY to another database, in front of a server that has more of them than clients have. */
@Timeout(60)
class CopyTest {

  private static final String OUT_OF_RANGE = "-ERR DB index is out of range\r\n";

  private final FakeShards shards = new FakeShards(1, "backend.databases=3");
  private final RawClient client = shards.client();

  @AfterEach
  void stop() {
    shards.close();
  }

  @Test
  void doesNotReachTheDatabaseOfTheMarkerNorAnyBehindIt() {
    shards.server(0).alwaysReply(":1\r\n");
    for (String options : List.of("DB 3", "db 4", "REPLACE DB 3", "DB 3 DB 1", "DB 1 DB 3")) {
      assertThat(client.call("COPY a b " + options)).as(options).isEqualTo(OUT_OF_RANGE);
    }
    assertThat(shards.server(0).received()).isEmpty();
  }

  @Test
  void goesToTheDatabasesOfClients() {
    shards.server(0).alwaysReply(":1\r\n");
    for (String options : List.of("", "REPLACE", "DB 2", "DB 2 REPLACE", "DB x", "DB")) {
      assertThat(client.call(("COPY a b " + options).strip())).as(options).isEqualTo(":1\r\n");
    }
  }
}
