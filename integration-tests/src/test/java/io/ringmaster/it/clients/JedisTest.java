package io.ringmaster.it.clients;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import redis.clients.jedis.CommandArguments;
import redis.clients.jedis.Pipeline;
import redis.clients.jedis.Protocol;
import redis.clients.jedis.RedisClient;
import redis.clients.jedis.Response;
import redis.clients.jedis.ScanIteration;
import redis.clients.jedis.StreamEntryID;
import redis.clients.jedis.args.BitOP;
import redis.clients.jedis.args.ExpiryOption;
import redis.clients.jedis.args.GeoUnit;
import redis.clients.jedis.args.ListDirection;
import redis.clients.jedis.args.ListPosition;
import redis.clients.jedis.args.SortedSetOption;
import redis.clients.jedis.params.GetExParams;
import redis.clients.jedis.params.LCSParams;
import redis.clients.jedis.params.ScanParams;
import redis.clients.jedis.params.SetParams;
import redis.clients.jedis.params.SortingParams;
import redis.clients.jedis.params.XReadGroupParams;
import redis.clients.jedis.params.XReadParams;
import redis.clients.jedis.params.ZParams;
import redis.clients.jedis.params.ZRangeParams;

/** Jedis with its pool. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class JedisTest {

  private SideBySide<RedisClient> both;

  @BeforeAll
  void start(@TempDir Path folder) {
    both =
        new SideBySide<>(folder, port -> RedisClient.create("127.0.0.1", port), RedisClient::close);
  }

  @AfterAll
  void stop() {
    both.close();
  }

  @Test
  void agreesOnTheNewestProtocol() {
    Object info =
        both.proxied().executeCommand(new CommandArguments(Protocol.Command.CLIENT).add("INFO"));
    assertThat(new String((byte[]) info, StandardCharsets.UTF_8))
        .contains("resp=3")
        .contains("lib-name=jedis");
  }

  @TestFactory
  Stream<DynamicTest> strings() {
    return Stream.of(
        both.check(
            "SET with options",
            client ->
                "%s %s %s"
                    .formatted(
                        client.set("s:options", "1", SetParams.setParams().nx().ex(100)),
                        client.set("s:options", "2", SetParams.setParams().nx()),
                        client.setGet("s:options", "3"))),
        both.check(
            "MSET and MGET of many keys",
            client -> {
              String[] keys =
                  IntStream.range(0, 100).mapToObj(i -> "s:many" + i).toArray(String[]::new);
              client.mset(
                  Stream.of(keys).flatMap(key -> Stream.of(key, "v")).toArray(String[]::new));
              return List.of(client.mget(keys), client.exists(keys), client.unlink(keys));
            }),
        both.check(
            "counters",
            client ->
                List.of(
                    client.incr("s:counter"),
                    client.incrBy("s:counter", 41),
                    client.incrByFloat("s:counter", 0.5))));
  }

  @TestFactory
  Stream<DynamicTest> partsOfStrings() {
    return Stream.of(
        both.check(
            "ranges of a string",
            client ->
                List.of(
                    client.append("s:range", "Hello world"),
                    client.setrange("s:range", 6, "Redis"),
                    client.getrange("s:range", -5, -1))),
        both.check(
            "expiry",
            client ->
                List.of(
                    client.set("s:expiry", "v", SetParams.setParams().ex(1000)),
                    client.expire("s:expiry", 2000, ExpiryOption.LT),
                    client.ttl("s:expiry") > 900,
                    client.getEx("s:expiry", GetExParams.getExParams().persist()),
                    client.ttl("s:expiry"))),
        both.check(
            "longest common substring",
            client -> {
              client.mset("{lcs}a", "ohmytext", "{lcs}b", "mynewtext");
              return client.lcs("{lcs}a", "{lcs}b", LCSParams.LCSParams()).getMatchString();
            }),
        both.check(
            "bytes that are no text",
            client -> {
              byte[] key = {0, (byte) 0xff, '\r', '\n'};
              client.set(key, new byte[] {(byte) 0xc3, 0x28, 0});
              return client.get(key);
            }));
  }

  @TestFactory
  Stream<DynamicTest> bitsAndEstimates() {
    return Stream.of(
        both.check(
            "bitmaps",
            client -> {
              client.setbit("{bits}a", 7, true);
              client.setbit("{bits}b", 100, true);
              return List.of(
                  client.bitop(BitOP.OR, "{bits}c", "{bits}a", "{bits}b"),
                  client.bitcount("{bits}c"),
                  client.bitpos("{bits}c", true));
            }),
        both.check(
            "bit fields",
            client -> client.bitfield("field", "SET", "u8", "0", "200", "INCRBY", "u8", "0", "50")),
        both.check(
            "hyperloglog",
            client -> {
              client.pfadd("{hll}a", "1", "2", "3");
              client.pfadd("{hll}b", "3", "4");
              return List.of(
                  client.pfcount("{hll}a", "{hll}b"),
                  client.pfmerge("{hll}c", "{hll}a", "{hll}b"),
                  client.pfcount("{hll}c"));
            }));
  }

  @TestFactory
  Stream<DynamicTest> collections() {
    return Stream.of(
        both.check(
            "hashes",
            client ->
                List.of(
                    client.hset("hash", Map.of("a", "1", "b", "2")),
                    client.hgetAll("hash"),
                    client.hincrBy("hash", "a", 9),
                    client.hmget("hash", "a", "b"))),
        both.check(
            "HSCAN",
            client -> {
              IntStream.range(0, 1000).forEach(i -> client.hset("hscan", "f" + i, "v" + i));
              Map<String, String> found = new TreeMap<>();
              String cursor = ScanParams.SCAN_POINTER_START;
              do {
                var page = client.hscan("hscan", cursor, new ScanParams().count(100));
                page.getResult().forEach(entry -> found.put(entry.getKey(), entry.getValue()));
                cursor = page.getCursor();
              } while (!cursor.equals(ScanParams.SCAN_POINTER_START));
              return found;
            }));
  }

  @TestFactory
  Stream<DynamicTest> listsAndSets() {
    return Stream.of(
        both.check(
            "lists",
            client ->
                List.of(
                    client.rpush("{list}a", "a", "b", "c", "b"),
                    client.linsert("{list}a", ListPosition.BEFORE, "c", "x"),
                    client.lpos("{list}a", "b"),
                    client.lmove("{list}a", "{list}b", ListDirection.LEFT, ListDirection.RIGHT),
                    client.lmpop(ListDirection.RIGHT, 2, "{list}a", "{list}b").getValue(),
                    client.lrange("{list}a", 0, -1))),
        both.check(
            "sets",
            client ->
                List.of(
                    client.sadd("{set}a", "1", "2", "3"),
                    client.sadd("{set}b", "2", "3", "4"),
                    client.sinter("{set}a", "{set}b"),
                    client.sdiffstore("{set}c", "{set}a", "{set}b"),
                    client.smismember("{set}c", "1", "2"))),
        both.check(
            "SORT",
            client -> {
              client.rpush("sort", "3", "1", "2");
              return client.sort("sort", new SortingParams().desc().limit(0, 2));
            }));
  }

  @TestFactory
  Stream<DynamicTest> sortedSetsAndPlaces() {
    return Stream.of(
        both.check(
            "sorted sets with scores",
            client ->
                List.of(
                    client.zadd("{zset}a", Map.of("one", 1.0, "two", 2.5, "inf", 1 / 0.0)),
                    client.zrangeWithScores("{zset}a", 0, -1),
                    client.zscore("{zset}a", "inf"),
                    client.zmpop(SortedSetOption.MIN, "{zset}a").getValue())),
        both.check(
            "ranges by score and by name",
            client -> {
              client.zadd("zrange", Map.of("a", 1.0, "b", 1.0, "c", 2.0));
              return List.of(
                  client.zrange("zrange", ZRangeParams.zrangeByScoreParams(0, 2).rev().limit(0, 2)),
                  client.zrange("zrange", ZRangeParams.zrangeByLexParams("[a", "(c")),
                  client.zrank("zrange", "c"));
            }),
        both.check(
            "union with weights",
            client -> {
              client.zadd("{zu}a", 1, "m");
              client.zadd("{zu}b", 2, "m");
              return client.zunionWithScores(new ZParams().weights(2, 3), "{zu}a", "{zu}b");
            }),
        both.check(
            "geo",
            client ->
                List.of(
                    client.geoadd("geo", 13.361389, 38.115556, "Palermo"),
                    client.geoadd("geo", 15.087269, 37.502669, "Catania"),
                    client.geodist("geo", "Palermo", "Catania", GeoUnit.KM),
                    client.geohash("geo", "Palermo"),
                    client.geosearch("geo", "Palermo", 200, GeoUnit.KM).stream()
                        .map(place -> place.getMemberByString())
                        .toList())));
  }

  @TestFactory
  Stream<DynamicTest> streams() {
    StreamEntryID first = new StreamEntryID(1, 1);
    return Stream.of(
        both.check(
            "stream",
            client ->
                List.of(
                    client.xadd("stream", first, Map.of("f", "v")),
                    client.xlen("stream"),
                    client.xrange("stream", "-", "+").toString(),
                    client
                        .xreadAsMap(
                            XReadParams.xReadParams().count(5),
                            Map.of("stream", new StreamEntryID(0, 0)))
                        .toString())),
        both.check(
            "consumer group",
            client -> {
              client.xadd("group", first, Map.of("f", "v"));
              client.xgroupCreate("group", "g", new StreamEntryID(0, 0), false);
              return List.of(
                  client
                      .xreadGroupAsMap(
                          "g",
                          "consumer",
                          XReadGroupParams.xReadGroupParams().count(5),
                          Map.of("group", StreamEntryID.XREADGROUP_UNDELIVERED_ENTRY))
                      .toString(),
                  client.xpending("group", "g").getTotal(),
                  client.xack("group", "g", first));
            }));
  }

  @TestFactory
  Stream<DynamicTest> keysAndScripts() {
    return Stream.of(
        both.check(
            "scan iterator",
            client -> {
              IntStream.range(0, 2000).forEach(i -> client.set("scan:" + i, "v"));
              ScanIteration iteration = client.scanIteration(100, "scan:*");
              List<String> found = new ArrayList<>();
              while (!iteration.isIterationCompleted()) {
                found.addAll(iteration.nextBatch().getResult());
              }
              return List.of(found.size(), new TreeSet<>(found));
            }),
        both.check(
            "rename, copy, type, encoding",
            client -> {
              client.set("{key}a", "12");
              return List.of(
                  client.rename("{key}a", "{key}b"),
                  client.copy("{key}b", "{key}c", true),
                  client.type("{key}c"),
                  client.objectEncoding("{key}c"));
            }));
  }

  @TestFactory
  Stream<DynamicTest> scriptsAndPipelines() {
    return Stream.of(
        both.check(
            "DUMP and RESTORE",
            client -> {
              client.rpush("dump", "a", "b");
              client.restore("restored", 0, client.dump("dump"));
              return client.lrange("restored", 0, -1);
            }),
        both.check(
            "scripts by text and by digest",
            client -> {
              String script =
                  "return {KEYS[1], tonumber(ARGV[1]) + 1, redis.call('EXISTS', KEYS[1])}";
              return List.of(
                  client.eval(script, List.of("script"), List.of("41")),
                  client.evalsha(client.scriptLoad(script), 1, "script", "1"));
            }),
        both.check(
            "pipeline",
            client -> {
              try (Pipeline pipeline = client.pipelined()) {
                List<Response<?>> replies = new ArrayList<>();
                for (int i = 0; i < 1000; i++) {
                  replies.add(pipeline.set("p:" + i, "v" + i));
                  replies.add(pipeline.get("p:" + i));
                  replies.add(pipeline.hget("p:absent", "f"));
                }
                pipeline.sync();
                return replies.stream().map(reply -> "" + reply.get()).toList();
              }
            }),
        both.check("FLUSHALL and DBSIZE", client -> List.of(client.flushAll(), client.dbSize())));
  }
}
