import { Redis } from "ioredis";
import { each, numbers, sideBySide } from "./side-by-side.js";

const protocolOf = (info) => info.match(/resp=\d/)?.[0];

async function read(stream) {
  const found = [];
  for await (const page of stream) {
    found.push(...page);
  }
  return found;
}

await sideBySide(
  (port) => new Redis(Number(port)),
  (client) => client.quit(),
  {
    "version of the protocol": async (client) => protocolOf(await client.client("INFO")),
    "SET with options": (client) =>
      each(
        () => client.set("options", "1", "EX", 100, "NX"),
        () => client.set("options", "2", "NX"),
        () => client.set("options", "3", "GET"),
      ),
    "MSET and MGET of many keys": async (client) => {
      const pairs = Object.fromEntries(numbers(100).map((i) => [`many:${i}`, `v${i}`]));
      const keys = Object.keys(pairs);
      return each(
        () => client.mset(pairs),
        () => client.mget(keys),
        () => client.exists(keys),
        () => client.unlink(keys),
      );
    },
    counters: (client) =>
      each(
        () => client.incr("counter"),
        () => client.decrby("counter", 43),
        () => client.incrbyfloat("counter", 0.5),
      ),
    "bytes that are no text": async (client) => {
      const key = Buffer.from([0, 255, 13, 10]);
      await client.set(key, Buffer.from([0xc3, 0x28, 0]));
      return client.getBuffer(key);
    },
    expiry: (client) =>
      each(
        () => client.setex("expiry", 1000, "v"),
        () => client.expire("expiry", 500, "GT"),
        () => client.getex("expiry", "PERSIST"),
        () => client.pttl("expiry"),
      ),
    "ranges of a string": (client) =>
      each(
        () => client.append("range", "Hello world"),
        () => client.setrange("range", 6, "Redis"),
        () => client.getrange("range", -5, -1),
      ),
    bitmaps: (client) =>
      each(
        () => client.setbit("{bits}a", 7, 1),
        () => client.setbit("{bits}b", 70, 1),
        () => client.bitop("OR", "{bits}c", "{bits}a", "{bits}b"),
        () => client.bitcount("{bits}c"),
        () => client.bitfield("{bits}c", "GET", "u8", 0),
      ),
    hyperloglog: (client) =>
      each(
        () => client.pfadd("{hll}a", "1", "2", "3"),
        () => client.pfadd("{hll}b", "3", "4"),
        () => client.pfcount("{hll}a", "{hll}b"),
      ),
    hashes: (client) =>
      each(
        () => client.hset("hash", { a: "1", b: "2" }),
        () => client.hgetall("hash"),
        () => client.hincrbyfloat("hash", "a", 0.5),
        () => client.hmget("hash", "a", "absent"),
      ),
    "stream of HSCAN": async (client) => {
      await client.hset("hscan", Object.fromEntries(numbers(1000).map((i) => [`f${i}`, i])));
      return (await read(client.hscanStream("hscan"))).sort();
    },
    lists: (client) =>
      each(
        () => client.rpush("{list}a", "a", "b", "c"),
        () => client.lmove("{list}a", "{list}b", "LEFT", "RIGHT"),
        () => client.linsert("{list}a", "BEFORE", "c", "x"),
        () => client.lpos("{list}a", "x"),
        () => client.lrange("{list}a", 0, -1),
      ),
    sets: (client) =>
      each(
        () => client.sadd("{set}a", 1, 2, 3),
        () => client.sadd("{set}b", 2, 3, 4),
        () => client.sinter("{set}a", "{set}b"),
        () => client.smismember("{set}a", 1, 4),
      ),
    "sorted sets with scores": (client) =>
      each(
        () => client.zadd("zset", 1, "a", 2.5, "b", "inf", "c"),
        () => client.zrange("zset", 0, -1, "WITHSCORES"),
        () => client.zscore("zset", "b"),
        () => client.zpopmax("zset"),
      ),
    "ranges by score and by name": (client) =>
      each(
        () => client.zadd("zrange", 1, "a", 1, "b", 2, "c"),
        () => client.zrangebyscore("zrange", 1, "(2", "LIMIT", 1, 2),
        () => client.zrangebylex("zrange", "[a", "[b"),
        () => client.zrevrank("zrange", "c"),
      ),
    geo: (client) =>
      each(
        () => client.geoadd("geo", 13.361389, 38.115556, "Palermo", 15.087269, 37.502669, "Catania"),
        () => client.geodist("geo", "Palermo", "Catania", "km"),
        () => client.geosearch("geo", "FROMMEMBER", "Palermo", "BYRADIUS", 200, "km", "ASC"),
      ),
    stream: (client) =>
      each(
        () => client.xadd("stream", "1-1", "f", "v"),
        () => client.xlen("stream"),
        () => client.xrange("stream", "-", "+"),
        () => client.xread("COUNT", 5, "STREAMS", "stream", "0"),
      ),
    "consumer group": (client) =>
      each(
        () => client.xgroup("CREATE", "group", "g", "0", "MKSTREAM"),
        () => client.xadd("group", "1-1", "f", "v"),
        () => client.xreadgroup("GROUP", "g", "c", "STREAMS", "group", ">"),
        () => client.xpending("group", "g"),
        () => client.xack("group", "g", "1-1"),
      ),
    "scripts by text": (client) => client.eval("return {KEYS[1], ARGV[1]}", 1, "script", "a"),
    "a script as a command": async (client) => {
      client.defineCommand("increase", {
        numberOfKeys: 1,
        lua: "return redis.call('INCRBY', KEYS[1], ARGV[1])",
      });
      return each(
        () => client.increase("increased", 2),
        () => client.increase("increased", 40),
      );
    },
    pipeline: async (client) => {
      const pipeline = client.pipeline();
      for (const i of numbers(1000)) {
        pipeline.set(`p:${i}`, `v${i}`).get(`p:${i}`).hget("p:absent", "f");
      }
      return pipeline.exec();
    },
    "many commands at once": (client) =>
      Promise.all(numbers(500).map((i) => client.set(`at-once:${i}`, i))),
    "stream of SCAN": async (client) => {
      const keys = await read(client.scanStream({ match: "p:*", count: 100 }));
      return keys.sort();
    },
    "rename, copy, type": (client) =>
      each(
        () => client.set("{key}a", "12"),
        () => client.rename("{key}a", "{key}b"),
        () => client.copy("{key}b", "{key}c"),
        () => client.type("{key}c"),
        () => client.object("ENCODING", "{key}c"),
      ),
    "SELECT of another database": (client) =>
      each(
        () => client.select(3),
        () => client.set("selected", "3"),
        () => client.dbsize(),
        () => client.select(0),
        () => client.exists("selected"),
      ),
    "message of an error": async (client) => {
      await client.set("text", "v");
      return client.lpush("text", "v").catch((error) => error.message);
    },
    "FLUSHALL and DBSIZE": (client) =>
      each(
        () => client.flushall(),
        () => client.dbsize(),
      ),
  },
);
