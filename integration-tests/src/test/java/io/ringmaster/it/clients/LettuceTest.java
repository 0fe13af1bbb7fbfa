package io.ringmaster.it.clients;

import static org.assertj.core.api.Assertions.assertThat;

import io.lettuce.core.BitFieldArgs;
import io.lettuce.core.Consumer;
import io.lettuce.core.ExpireArgs;
import io.lettuce.core.GeoArgs;
import io.lettuce.core.GeoSearch;
import io.lettuce.core.GetExArgs;
import io.lettuce.core.KeyScanCursor;
import io.lettuce.core.KeyValue;
import io.lettuce.core.LMPopArgs;
import io.lettuce.core.LMoveArgs;
import io.lettuce.core.LcsArgs;
import io.lettuce.core.Limit;
import io.lettuce.core.Range;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisFuture;
import io.lettuce.core.RedisURI;
import io.lettuce.core.ScanArgs;
import io.lettuce.core.ScanIterator;
import io.lettuce.core.ScriptOutputType;
import io.lettuce.core.SetArgs;
import io.lettuce.core.SortArgs;
import io.lettuce.core.XAddArgs;
import io.lettuce.core.XAutoClaimArgs;
import io.lettuce.core.XReadArgs.StreamOffset;
import io.lettuce.core.ZAggregateArgs;
import io.lettuce.core.ZPopArgs;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.api.sync.RedisCommands;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import reactor.core.publisher.Flux;

/** Lettuce: its synchronous, asynchronous and reactive commands. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class LettuceTest {

  private final RedisClient lettuce = RedisClient.create();
  private SideBySide<StatefulRedisConnection<String, String>> both;

  @BeforeAll
  void start(@TempDir Path folder) {
    both =
        new SideBySide<>(
            folder,
            port -> lettuce.connect(RedisURI.create("127.0.0.1", port)),
            StatefulRedisConnection::close);
  }

  @AfterAll
  void stop() {
    both.close();
    lettuce.close();
  }

  private DynamicTest check(String name, Function<RedisCommands<String, String>, Object> code) {
    return both.check(name, connection -> code.apply(connection.sync()));
  }

  @Test
  void agreesOnTheNewestProtocol() {
    assertThat(both.proxied().sync().clientInfo()).contains("resp=3").contains("lib-name=Lettuce");
  }

  @TestFactory
  Stream<DynamicTest> strings() {
    return Stream.of(
        check(
            "SET with options",
            client ->
                List.of(
                    client.set("s:options", "1", SetArgs.Builder.nx().ex(100)),
                    "" + client.set("s:options", "2", SetArgs.Builder.nx()),
                    client.setGet("s:options", "3"))),
        check(
            "MSET and MGET of many keys",
            client -> {
              Map<String, String> pairs =
                  IntStream.range(0, 100)
                      .boxed()
                      .collect(Collectors.toMap(i -> "s:many" + i, i -> "v" + i));
              String[] keys = pairs.keySet().toArray(String[]::new);
              return List.of(
                  client.mset(pairs), client.mget(keys), client.exists(keys), client.del(keys));
            }));
  }

  @TestFactory
  Stream<DynamicTest> numbersAndExpiry() {
    return Stream.of(
        check(
            "counters",
            client ->
                List.of(
                    client.incr("s:counter"),
                    client.decrby("s:counter", 43),
                    client.incrbyfloat("s:counter", 0.25))),
        check(
            "expiry",
            client ->
                List.of(
                    client.set("s:expiry", "v", SetArgs.Builder.ex(1000)),
                    client.expire("s:expiry", 500, ExpireArgs.Builder.gt()),
                    client.getex("s:expiry", GetExArgs.Builder.persist()),
                    client.pttl("s:expiry"))),
        check(
            "longest common substring",
            client -> {
              client.mset(Map.of("{lcs}a", "ohmytext", "{lcs}b", "mynewtext"));
              return client.lcs(LcsArgs.Builder.keys("{lcs}a", "{lcs}b")).getMatchString();
            }));
  }

  @TestFactory
  Stream<DynamicTest> bitsAndEstimates() {
    return Stream.of(
        check(
            "bitmaps",
            client ->
                List.of(
                    client.setbit("{bits}a", 7, 1),
                    client.setbit("{bits}b", 70, 1),
                    client.bitopXor("{bits}c", "{bits}a", "{bits}b"),
                    client.bitcount("{bits}c"))),
        check(
            "bit fields",
            client ->
                client.bitfield(
                    "field",
                    BitFieldArgs.Builder.overflow(BitFieldArgs.OverflowType.SAT)
                        .incrBy(BitFieldArgs.unsigned(4), 0, 20)
                        .get(BitFieldArgs.unsigned(4), 0))),
        check(
            "hyperloglog",
            client ->
                List.of(
                    client.pfadd("{hll}a", "1", "2", "3"),
                    client.pfadd("{hll}b", "3", "4"),
                    client.pfcount("{hll}a", "{hll}b"))));
  }

  @TestFactory
  Stream<DynamicTest> collections() {
    return Stream.of(
        check(
            "hashes",
            client ->
                List.of(
                    client.hset("hash", Map.of("a", "1", "b", "2")),
                    client.hgetall("hash"),
                    client.hincrby("hash", "a", 5),
                    client.hmget("hash", "a", "absent"))),
        check(
            "HSCAN iterator",
            client -> {
              Map<String, String> pairs =
                  IntStream.range(0, 1000)
                      .boxed()
                      .collect(Collectors.toMap(i -> "f" + i, i -> "v" + i));
              client.hset("hscan", pairs);
              return ScanIterator.hscan(client, "hscan").stream()
                  .collect(Collectors.toMap(KeyValue::getKey, KeyValue::getValue));
            }));
  }

  @TestFactory
  Stream<DynamicTest> listsAndSets() {
    return Stream.of(
        check(
            "lists",
            client ->
                List.of(
                    client.rpush("{list}a", "a", "b", "c"),
                    client.lmove("{list}a", "{list}b", LMoveArgs.Builder.leftRight()),
                    client.lmpop(LMPopArgs.Builder.right(), "{list}a", "{list}b"),
                    client.lrange("{list}a", 0, -1))),
        check(
            "sets",
            client ->
                List.of(
                    client.sadd("{set}a", "1", "2", "3"),
                    client.sadd("{set}b", "2", "3", "4"),
                    client.sinter("{set}a", "{set}b"),
                    client.sintercard("{set}a", "{set}b"),
                    client.smismember("{set}a", "1", "4"))),
        check(
            "SORT",
            client -> {
              client.rpush("sort", "b", "a", "c");
              return client.sort("sort", SortArgs.Builder.alpha().desc().limit(0, 2));
            }));
  }

  @TestFactory
  Stream<DynamicTest> sortedSetsAndPlaces() {
    return Stream.of(
        check(
            "sorted sets with scores",
            client ->
                List.of(
                    client.zadd("zset", 1.0, "a", 2.5, "b"),
                    client.zrangeWithScores("zset", 0, -1),
                    client.zmscore("zset", "a", "absent"),
                    client.zmpop(ZPopArgs.Builder.max(), "zset"))),
        check(
            "ranges by score and by name",
            client -> {
              client.zadd("zrange", 1.0, "a", 1.0, "b", 2.0, "c");
              return List.of(
                  client.zrangebyscore("zrange", Range.create(1, 2), Limit.create(1, 2)),
                  client.zrevrangebylex("zrange", Range.create("a", "b")),
                  client.zrank("zrange", "c"));
            }),
        check(
            "union with weights",
            client -> {
              client.zadd("{zu}a", 1, "m");
              client.zadd("{zu}b", 2, "m");
              return client.zunionWithScores(
                  ZAggregateArgs.Builder.weights(2, 3), "{zu}a", "{zu}b");
            }),
        check(
            "geo",
            client ->
                List.of(
                    client.geoadd("geo", 13.361389, 38.115556, "Palermo"),
                    client.geoadd("geo", 15.087269, 37.502669, "Catania"),
                    client.geodist("geo", "Palermo", "Catania", GeoArgs.Unit.km),
                    client.geopos("geo", "Palermo"),
                    client.geosearch(
                        "geo",
                        GeoSearch.fromMember("Palermo"),
                        GeoSearch.byRadius(200, GeoArgs.Unit.km)))));
  }

  @TestFactory
  @SuppressWarnings("unchecked") // arrays of offsets
  Stream<DynamicTest> streams() {
    XAddArgs first = new XAddArgs().id("1-1");
    return Stream.of(
        check(
            "stream",
            client ->
                List.of(
                    client.xadd("stream", first, Map.of("f", "v")),
                    client.xlen("stream"),
                    client.xrange("stream", Range.unbounded()),
                    client.xread(StreamOffset.from("stream", "0")))),
        check(
            "consumer group",
            client ->
                List.of(
                    client.xadd("group", first, Map.of("f", "v")),
                    client.xgroupCreate(StreamOffset.from("group", "0"), "g"),
                    client.xreadgroup(Consumer.from("g", "c"), StreamOffset.lastConsumed("group")),
                    client.xpending("group", "g").getCount(),
                    client
                        .xautoclaim(
                            "group",
                            XAutoClaimArgs.Builder.xautoclaim(Consumer.from("g", "d"), 0, "0"))
                        .getMessages(),
                    client.xack("group", "g", "1-1"))));
  }

  @TestFactory
  Stream<DynamicTest> keysAndScripts() {
    return Stream.of(
        check(
            "scan iterator",
            client -> {
              IntStream.range(0, 1000).forEach(i -> client.set("iterator:" + i, "v"));
              List<String> found =
                  ScanIterator.scan(client, ScanArgs.Builder.matches("iterator:*").limit(100))
                      .stream()
                      .toList();
              return List.of(found.size(), new TreeSet<>(found));
            }),
        check(
            "scan cursor",
            client -> {
              client.hset("cursor:hash", "f", "v");
              client.lpush("cursor:list", "v");
              TreeMap<String, String> types = new TreeMap<>();
              KeyScanCursor<String> cursor = client.scan(ScanArgs.Builder.matches("cursor:*"));
              cursor.getKeys().forEach(key -> types.put(key, client.type(key)));
              while (!cursor.isFinished()) {
                cursor = client.scan(cursor, ScanArgs.Builder.matches("cursor:*"));
                cursor.getKeys().forEach(key -> types.put(key, client.type(key)));
              }
              return types;
            }));
  }

  @TestFactory
  Stream<DynamicTest> copiesAndScripts() {
    return Stream.of(
        check(
            "DUMP, RESTORE and COPY",
            client -> {
              client.rpush("{dump}a", "a", "b");
              return List.of(
                  client.restore("{dump}b", 0, client.dump("{dump}a")),
                  client.copy("{dump}b", "{dump}c"),
                  client.lrange("{dump}c", 0, -1));
            }),
        check(
            "scripts by text and by digest",
            client -> {
              String script = "return {KEYS[1], ARGV[1], redis.call('INCR', KEYS[1])}";
              String[] keys = {"script"};
              return List.of(
                  client.<List<?>>eval(script, ScriptOutputType.MULTI, keys, "a"),
                  client.<List<?>>evalsha(
                      client.scriptLoad(script), ScriptOutputType.MULTI, keys, "b"));
            }));
  }

  @TestFactory
  Stream<DynamicTest> otherWaysToCall() {
    return Stream.of(
        both.check(
            "asynchronous commands",
            connection -> {
              List<RedisFuture<String>> replies = new ArrayList<>();
              for (int i = 0; i < 1000; i++) {
                replies.add(connection.async().set("async:" + i, "v" + i));
                replies.add(connection.async().get("async:" + i));
              }
              return replies.stream().map(reply -> reply.toCompletableFuture().join()).toList();
            }),
        both.check(
            "reactive commands",
            connection ->
                Flux.range(0, 100)
                    .concatMap(i -> connection.reactive().append("reactive:" + i % 10, "" + i))
                    .collectList()
                    .blockOptional()
                    .orElseThrow()),
        both.check(
            "FLUSHDB and DBSIZE",
            connection -> List.of(connection.sync().flushdb(), connection.sync().dbsize())));
  }
}
