package io.ringmaster.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.Pipeline;
import redis.clients.jedis.Response;
import redis.clients.jedis.exceptions.JedisDataException;
import redis.clients.jedis.params.ScanParams;
import redis.clients.jedis.resps.ScanResult;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ManyShardsTest {

  private Shards shards;
  private Jedis client;

  @BeforeAll
  void start(@TempDir Path folder) {
    shards = new Shards(folder, 3, "listen.threads=2");
    client = shards.client();
  }

  @AfterAll
  void stop() {
    client.close();
    shards.close();
  }

  @BeforeEach
  void empty() {
    client.flushAll();
  }

  @Test
  void answersManyKeysInTheirOrderWhereverTheyAre() {
    String[] keys = new String[200];
    String[] pairs = new String[400];
    for (int i = 0; i < keys.length; i++) {
      keys[i] = "k" + i;
      pairs[2 * i] = keys[i];
      pairs[2 * i + 1] = "v" + i;
    }
    assertThat(client.mset(pairs)).isEqualTo("OK");

    List<String> values = client.mget(keys);

    for (int i = 0; i < keys.length; i++) {
      assertThat(values.get(i)).isEqualTo("v" + i);
    }
    assertThat(client.mget("k1", "absent", "k2")).containsExactly("v1", null, "v2");
    assertThat(client.exists(keys)).isEqualTo(200);
    assertThat(client.touch("k1", "k2", "absent")).isEqualTo(2);
    assertThat(client.dbSize()).isEqualTo(200);
    assertThat(client.del("k0", "k1", "k2", "k3")).isEqualTo(4);
    assertThat(client.unlink(keys)).isEqualTo(196);
  }

  @Test
  void scanFindsEveryKeyOnce() {
    Set<String> written = new HashSet<>();
    Pipeline pipeline = client.pipelined();
    for (int i = 0; i < 5000; i++) {
      pipeline.set("scan:" + i, "v");
      written.add("scan:" + i);
    }
    pipeline.sync();

    List<String> found = new ArrayList<>();
    String cursor = ScanParams.SCAN_POINTER_START;
    do {
      ScanResult<String> page = client.scan(cursor, new ScanParams().count(100));
      found.addAll(page.getResult());
      cursor = page.getCursor();
    } while (!cursor.equals(ScanParams.SCAN_POINTER_START));

    assertThat(found).containsExactlyInAnyOrderElementsOf(written);
    assertThat(client.keys("scan:499*")).hasSize(11);
    assertThat(written).contains(client.randomKey());
  }

  @Test
  void keepsTheOrderOfAPipelineOverShardsAndSizes() {
    String large = "x".repeat(100_000);
    Pipeline pipeline = client.pipelined();
    List<Response<String>> replies = new ArrayList<>();
    for (int i = 0; i < 300; i++) {
      pipeline.set("p" + i, i % 7 == 0 ? large + i : "v" + i);
      replies.add(pipeline.get("p" + i));
    }
    pipeline.sync();
    for (int i = 0; i < 300; i++) {
      assertThat(replies.get(i).get()).isEqualTo(i % 7 == 0 ? large + i : "v" + i);
    }
  }

  @Test
  void aThousandGetsOfAMegabyteAllArrive() {
    String value = "m".repeat(1024 * 1024);
    client.set("mega", value);
    Pipeline pipeline = client.pipelined();
    List<Response<Long>> lengths = new ArrayList<>();
    for (int i = 0; i < 200; i++) {
      pipeline.get("mega");
      lengths.add(pipeline.strlen("mega"));
    }
    pipeline.sync();
    assertThat(lengths).allMatch(length -> length.get() == value.length());
  }

  @Test
  void keysOfOneCommandMustShareAShard() {
    List<String> keys = shards.keyOnEach("cross");
    assertThatThrownBy(() -> client.rename(keys.get(0), keys.get(1)))
        .isInstanceOf(JedisDataException.class)
        .hasMessageStartingWith("CROSSSLOT");
    client.set("{t}a", "1");
    assertThat(client.rename("{t}a", "{t}b")).isEqualTo("OK");
  }

  @Test
  void loadsAKnownScriptAgainWhereAServerHasLostIt() {
    List<String> keys = shards.keyOnEach("script");
    String digest = client.scriptLoad("return redis.call('INCR', KEYS[1]) .. ARGV[1]");
    for (int i = 0; i < 3; i++) {
      try (Jedis server = shards.directly(i)) {
        server.scriptFlush();
      }
    }
    for (String key : keys) {
      client.del(key);
      assertThat(client.evalsha(digest, 1, key, "!")).isEqualTo("1!");
    }
    assertThatThrownBy(() -> client.evalsha("0".repeat(40), 1, "k"))
        .hasMessageStartingWith("NOSCRIPT");
  }

  @Test
  void eachDatabaseIsItsOwn() {
    client.set("d", "zero");
    client.select(5);
    assertThat(client.get("d")).isNull();
    client.set("d", "five");
    client.select(0);
    assertThat(client.get("d")).isEqualTo("zero");
  }
}
