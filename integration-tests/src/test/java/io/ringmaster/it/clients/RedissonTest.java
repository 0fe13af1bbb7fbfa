package io.ringmaster.it.clients;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.redisson.Redisson;
import org.redisson.api.RAtomicLong;
import org.redisson.api.RBatch;
import org.redisson.api.RBitSet;
import org.redisson.api.RBloomFilter;
import org.redisson.api.RBucket;
import org.redisson.api.RGeo;
import org.redisson.api.RHyperLogLog;
import org.redisson.api.RKeys;
import org.redisson.api.RLexSortedSet;
import org.redisson.api.RList;
import org.redisson.api.RListMultimap;
import org.redisson.api.RMap;
import org.redisson.api.RMapCache;
import org.redisson.api.RQueue;
import org.redisson.api.RScoredSortedSet;
import org.redisson.api.RScript;
import org.redisson.api.RSet;
import org.redisson.api.RSetCache;
import org.redisson.api.RStream;
import org.redisson.api.RTimeSeries;
import org.redisson.api.RedissonClient;
import org.redisson.api.geo.GeoSearchArgs;
import org.redisson.api.geo.GeoUnit;
import org.redisson.api.options.KeysScanOptions;
import org.redisson.api.stream.StreamAddArgs;
import org.redisson.api.stream.StreamCreateGroupArgs;
import org.redisson.api.stream.StreamMessageId;
import org.redisson.api.stream.StreamRangeArgs;
import org.redisson.api.stream.StreamReadArgs;
import org.redisson.api.stream.StreamReadGroupArgs;
import org.redisson.client.codec.StringCodec;
import org.redisson.config.Config;

/** Redisson's objects that hold data. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class RedissonTest {

  private SideBySide<RedissonClient> both;

  @BeforeAll
  void start(@TempDir Path folder) {
    both = new SideBySide<>(folder, RedissonTest::connect, RedissonClient::shutdown);
  }

  /** A client with the default settings. */
  static RedissonClient connect(int port) {
    Config config = new Config();
    config.useSingleServer().setAddress("redis://127.0.0.1:" + port);
    return Redisson.create(config);
  }

  @AfterAll
  void stop() {
    both.close();
  }

  @TestFactory
  Stream<DynamicTest> values() {
    return Stream.of(
        both.check(
            "bucket",
            client -> {
              RBucket<String> bucket = client.getBucket("bucket");
              bucket.set("a", Duration.ofMinutes(5));
              return List.of(
                  bucket.setIfAbsent("b"),
                  bucket.compareAndSet("a", "c"),
                  bucket.remainTimeToLive(),
                  bucket.getAndDelete());
            }),
        both.check(
            "buckets over all shards",
            client -> {
              Map<String, Integer> values =
                  IntStream.range(0, 100)
                      .boxed()
                      .collect(Collectors.toMap(i -> "bucket:" + i, i -> i));
              client.getBuckets().set(values);
              return client.getBuckets().get(values.keySet().toArray(String[]::new));
            }),
        both.check(
            "atomic long",
            client -> {
              RAtomicLong number = client.getAtomicLong("long");
              return List.of(
                  number.incrementAndGet(), number.addAndGet(41), number.compareAndSet(42, 1));
            }),
        both.check("atomic double", client -> client.getAtomicDouble("double").addAndGet(0.5)));
  }

  @TestFactory
  Stream<DynamicTest> bitsAndFilters() {
    return Stream.of(
        both.check(
            "bit set",
            client -> {
              RBitSet bits = client.getBitSet("bits");
              bits.set(3);
              bits.set(10, 20);
              return List.of(bits.cardinality(), bits.get(3), bits.length(), bits.asBitSet());
            }),
        both.check(
            "hyperloglog",
            client -> {
              RHyperLogLog<String> estimate = client.getHyperLogLog("{hll}a");
              estimate.addAll(List.of("1", "2", "3"));
              client.getHyperLogLog("{hll}b").add("4");
              return List.of(estimate.count(), estimate.countWith("{hll}b"));
            }),
        both.check(
            "bloom filter",
            client -> {
              RBloomFilter<String> filter = client.getBloomFilter("bloom");
              return List.of(
                  filter.tryInit(1000, 0.01),
                  filter.add("a"),
                  filter.contains("a"),
                  filter.count());
            }),
        both.check(
            "id generator",
            client ->
                List.of(
                    client.getIdGenerator("id").tryInit(7, 10),
                    client.getIdGenerator("id").nextId())));
  }

  @TestFactory
  Stream<DynamicTest> maps() {
    return Stream.of(
        both.check(
            "map",
            client -> {
              RMap<String, Integer> map = client.getMap("map");
              map.putAll(Map.of("a", 1, "b", 2));
              return List.of(
                  map.putIfAbsent("a", 9),
                  map.merge("b", 40, Integer::sum),
                  map.replace("a", 1, 3),
                  map.readAllMap());
            }),
        both.check(
            "iterator of a map",
            client -> {
              RMap<Integer, Integer> map = client.getMap("iterated");
              map.putAll(
                  IntStream.range(0, 1000).boxed().collect(Collectors.toMap(i -> i, i -> -i)));
              Map<Integer, Integer> found = new TreeMap<>();
              map.entrySet(100).forEach(entry -> found.put(entry.getKey(), entry.getValue()));
              return found;
            }),
        both.check(
            "map whose entries expire",
            client -> {
              RMapCache<String, String> map = client.getMapCache("mapcache");
              map.fastPut("a", "1", 5, TimeUnit.MINUTES);
              map.fastPut("b", "2");
              return List.of(map.remainTimeToLive("a") > 0, map.remove("b"), map.readAllMap());
            }),
        both.check(
            "multimap",
            client -> {
              RListMultimap<String, Integer> map = client.getListMultimap("multimap");
              return List.of(
                  map.put("a", 1), map.put("a", 2), map.get("a").readAll(), map.keySize());
            }));
  }

  @TestFactory
  Stream<DynamicTest> collections() {
    return Stream.of(
        both.check(
            "list",
            client -> {
              RList<String> list = client.getList("list");
              list.addAll(List.of("a", "b", "c", "b"));
              return List.of(
                  list.lastIndexOf("b"), list.remove(0), list.set(0, "x"), list.readAll());
            }),
        both.check(
            "queue",
            client -> {
              RQueue<String> queue = client.getQueue("{queue}a");
              queue.addAll(List.of("a", "b", "c"));
              return List.of(
                  queue.pollLastAndOfferFirstTo("{queue}b"), queue.peek(), queue.poll(2));
            }));
  }

  @TestFactory
  Stream<DynamicTest> sets() {
    return Stream.of(
        both.check(
            "set",
            client -> {
              RSet<Integer> set = client.getSet("{set}a");
              set.addAll(List.of(1, 2, 3));
              client.getSet("{set}b").addAll(List.of(2, 3, 4));
              return List.of(set.readIntersection("{set}b"), set.remove(2), set.readAll());
            }),
        both.check(
            "set whose entries expire",
            client -> {
              RSetCache<String> set = client.getSetCache("setcache");
              return List.of(
                  set.add("a", 5, TimeUnit.MINUTES), set.contains("a"), set.size(), set.readAll());
            }),
        both.check(
            "scored set",
            client -> {
              RScoredSortedSet<String> set = client.getScoredSortedSet("scored");
              set.addAll(Map.of("a", 1.0, "b", 2.5, "c", 3.0));
              return List.of(
                  set.addScore("a", 2),
                  set.rank("c"),
                  set.entryRange(0, -1).toString(),
                  set.pollFirst());
            }),
        both.check(
            "lexical set",
            client -> {
              RLexSortedSet set = client.getLexSortedSet("lex");
              set.addAll(List.of("a", "b", "c"));
              return List.of(set.range("a", false, "c", true), set.countHead("b", true));
            }));
  }

  @TestFactory
  Stream<DynamicTest> placesAndTimes() {
    return Stream.of(
        both.check(
            "geo",
            client -> {
              RGeo<String> geo = client.getGeo("geo");
              geo.add(13.361389, 38.115556, "Palermo");
              geo.add(15.087269, 37.502669, "Catania");
              return List.of(
                  geo.dist("Palermo", "Catania", GeoUnit.METERS),
                  geo.hash("Palermo"),
                  geo.search(GeoSearchArgs.from("Palermo").radius(200, GeoUnit.KILOMETERS)));
            }),
        both.check(
            "time series",
            client -> {
              RTimeSeries<String, String> series = client.getTimeSeries("series");
              series.add(1, "a", "label");
              series.add(2, "b");
              return List.of(series.get(2), series.size(), series.range(0, 10).size());
            }));
  }

  @TestFactory
  Stream<DynamicTest> streams() {
    StreamMessageId first = new StreamMessageId(1, 1);
    return Stream.of(
        both.check(
            "stream",
            client -> {
              RStream<String, String> stream = client.getStream("stream");
              stream.add(first, StreamAddArgs.entry("f", "v"));
              return List.of(
                  stream.size(),
                  stream.range(
                      StreamRangeArgs.startId(StreamMessageId.MIN).endId(StreamMessageId.MAX)),
                  stream.read(StreamReadArgs.greaterThan(StreamMessageId.ALL)));
            }),
        both.check(
            "consumer group",
            client -> {
              RStream<String, String> stream = client.getStream("group");
              stream.createGroup(
                  StreamCreateGroupArgs.name("g").id(StreamMessageId.ALL).makeStream());
              stream.add(first, StreamAddArgs.entry("f", "v"));
              return List.of(
                  stream.readGroup("g", "c", StreamReadGroupArgs.neverDelivered()),
                  stream.getPendingInfo("g").getTotal(),
                  stream.ack("g", first));
            }));
  }

  @TestFactory
  Stream<DynamicTest> keysAndScripts() {
    return Stream.of(
        both.check(
            "iterator of keys",
            client -> {
              IntStream.range(0, 500).forEach(i -> client.getBucket("scan:" + i).set(i));
              RKeys keys = client.getKeys();
              List<String> found =
                  keys.getKeysStream(KeysScanOptions.defaults().pattern("scan:*").chunkSize(50))
                      .toList();
              return List.of(found.size(), new TreeSet<>(found), keys.deleteByPattern("scan:*"));
            }),
        both.check(
            "expiry and rename",
            client -> {
              client.getBucket("{key}a").set("v");
              RKeys keys = client.getKeys();
              boolean expires = client.getBucket("{key}a").expire(Duration.ofMinutes(5));
              keys.rename("{key}a", "{key}b");
              return List.of(
                  expires, keys.countExists("{key}a", "{key}b"), keys.clearExpire("{key}b"));
            }),
        both.check(
            "scripts by text and by digest",
            client -> {
              RScript script = client.getScript(StringCodec.INSTANCE);
              String text = "return {KEYS[1], ARGV[1]}";
              RScript.ReturnType list = RScript.ReturnType.LIST;
              List<Object> keys = List.of("script");
              return List.<List<?>>of(
                  script.eval(RScript.Mode.READ_WRITE, text, list, keys, "a"),
                  script.evalSha(
                      RScript.Mode.READ_WRITE, script.scriptLoad(text), list, keys, "b"));
            }));
  }

  @TestFactory
  Stream<DynamicTest> batchesAndFlushes() {
    return Stream.of(
        both.check(
            "batch",
            client -> {
              RBatch batch = client.createBatch();
              for (int i = 0; i < 500; i++) {
                batch.getBucket("batch:" + i).setAsync(i);
                batch.<Integer>getBucket("batch:" + i).getAsync();
              }
              return batch.execute().getResponses();
            }),
        both.check(
            "flush and count",
            client -> {
              client.getKeys().flushdb();
              return client.getKeys().count();
            }));
  }
}
