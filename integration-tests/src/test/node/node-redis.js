import { createClient, defineScript } from "redis";
import { each, numbers, sideBySide } from "./side-by-side.js";

const increase = defineScript({
  NUMBER_OF_KEYS: 1,
  SCRIPT: "return redis.call('INCRBY', KEYS[1], ARGV[1])",
  parseCommand(parser, key, increment) {
    parser.pushKey(key);
    parser.push(String(increment));
  },
  transformReply: undefined,
});

function connect(port) {
  return createClient({ url: `redis://127.0.0.1:${port}`, scripts: { increase } })
    .on("error", (error) => console.log(`not ok connection: ${error.message}`))
    .connect();
}

await sideBySide(connect, (client) => client.close(), {
  "version of the protocol": async (client) => {
    const info = await client.clientInfo();
    return info.resp;
  },
  "SET with options": (client) =>
    each(
      () => client.set("options", "1", { EX: 100, NX: true }),
      () => client.set("options", "2", { NX: true }),
      () => client.set("options", "3", { GET: true }),
    ),
  "MSET and MGET of many keys": (client) => {
    const pairs = Object.fromEntries(numbers(100).map((i) => [`many:${i}`, `v${i}`]));
    const keys = Object.keys(pairs);
    return each(
      () => client.mSet(pairs),
      () => client.mGet(keys),
      () => client.exists(keys),
      () => client.del(keys),
    );
  },
  counters: (client) =>
    each(
      () => client.incr("counter"),
      () => client.decrBy("counter", 43),
      () => client.incrByFloat("counter", 0.5),
    ),
  expiry: (client) =>
    each(
      () => client.setEx("expiry", 1000, "v"),
      () => client.expire("expiry", 500, "GT"),
      () => client.getEx("expiry", { type: "PERSIST" }),
      () => client.pTTL("expiry"),
    ),
  "longest common substring": async (client) => {
    await client.mSet({ "{lcs}a": "ohmytext", "{lcs}b": "mynewtext" });
    return client.lcsIdx("{lcs}a", "{lcs}b");
  },
  bitmaps: (client) =>
    each(
      () => client.setBit("{bits}a", 7, 1),
      () => client.setBit("{bits}b", 70, 1),
      () => client.bitOp("OR", "{bits}c", ["{bits}a", "{bits}b"]),
      () => client.bitCount("{bits}c"),
    ),
  hyperloglog: (client) =>
    each(
      () => client.pfAdd("{hll}a", ["1", "2", "3"]),
      () => client.pfAdd("{hll}b", ["3", "4"]),
      () => client.pfCount(["{hll}a", "{hll}b"]),
    ),
  hashes: (client) =>
    each(
      () => client.hSet("hash", { a: "1", b: "2" }),
      () => client.hGetAll("hash"),
      () => client.hIncrBy("hash", "a", 5),
      () => client.hmGet("hash", ["a", "absent"]),
    ),
  "iterator of HSCAN": async (client) => {
    await client.hSet("hscan", Object.fromEntries(numbers(1000).map((i) => [`f${i}`, `${i}`])));
    const found = {};
    for await (const page of client.hScanIterator("hscan")) {
      page.forEach(({ field, value }) => (found[field] = value));
    }
    return found;
  },
  lists: (client) =>
    each(
      () => client.rPush("{list}a", ["a", "b", "c"]),
      () => client.lMove("{list}a", "{list}b", "LEFT", "RIGHT"),
      () => client.lmPop(["{list}a", "{list}b"], "RIGHT"),
      () => client.lRange("{list}a", 0, -1),
    ),
  sets: (client) =>
    each(
      () => client.sAdd("{set}a", ["1", "2", "3"]),
      () => client.sAdd("{set}b", ["2", "3", "4"]),
      () => client.sInter(["{set}a", "{set}b"]),
      () => client.sInterCard(["{set}a", "{set}b"]),
      () => client.smIsMember("{set}a", ["1", "4"]),
    ),
  "sorted sets with scores": (client) =>
    each(
      () =>
        client.zAdd("zset", [
          { score: 1, value: "a" },
          { score: 2.5, value: "b" },
          { score: Infinity, value: "c" },
        ]),
      () => client.zRangeWithScores("zset", 0, -1),
      () => client.zmScore("zset", ["a", "absent"]),
      () => client.zPopMax("zset"),
    ),
  "ranges by score": (client) =>
    each(
      () => client.zAdd("zrange", [{ score: 1, value: "a" }, { score: 2, value: "b" }]),
      () => client.zRange("zrange", "(1", "+inf", { BY: "SCORE" }),
      () => client.zCount("zrange", 1, 2),
      () => client.zRank("zrange", "b"),
    ),
  "union with weights": (client) =>
    each(
      () => client.zAdd("{zu}a", { score: 1, value: "m" }),
      () => client.zAdd("{zu}b", { score: 2, value: "m" }),
      () =>
        client.zUnionWithScores([
          { key: "{zu}a", weight: 2 },
          { key: "{zu}b", weight: 3 },
        ]),
    ),
  geo: (client) =>
    each(
      () =>
        client.geoAdd("geo", [
          { longitude: 13.361389, latitude: 38.115556, member: "Palermo" },
          { longitude: 15.087269, latitude: 37.502669, member: "Catania" },
        ]),
      () => client.geoDist("geo", "Palermo", "Catania", "km"),
      () => client.geoPos("geo", ["Palermo", "absent"]),
      () => client.geoSearch("geo", "Palermo", { radius: 200, unit: "km" }, { SORT: "ASC" }),
    ),
  stream: (client) =>
    each(
      () => client.xAdd("stream", "1-1", { f: "v" }),
      () => client.xLen("stream"),
      () => client.xRange("stream", "-", "+"),
      () => client.xRead({ key: "stream", id: "0" }),
    ),
  "consumer group": (client) =>
    each(
      () => client.xGroupCreate("group", "g", "0", { MKSTREAM: true }),
      () => client.xAdd("group", "1-1", { f: "v" }),
      () => client.xReadGroup("g", "c", { key: "group", id: ">" }),
      () => client.xPending("group", "g"),
      () => client.xAck("group", "g", "1-1"),
    ),
  "scripts by text": (client) =>
    client.eval("return {KEYS[1], ARGV[1]}", { keys: ["script"], arguments: ["a"] }),
  "a script as a command": (client) =>
    each(
      () => client.increase("increased", 2),
      () => client.increase("increased", 40),
    ),
  pipeline: (client) => {
    const pipeline = client.multi();
    for (const i of numbers(1000)) {
      pipeline.set(`p:${i}`, `v${i}`).get(`p:${i}`).hGet("p:absent", "f");
    }
    return pipeline.execAsPipeline();
  },
  "many commands at once": (client) =>
    Promise.all(numbers(500).map((i) => client.set(`at-once:${i}`, `${i}`))),
  "iterator of SCAN": async (client) => {
    const found = [];
    for await (const page of client.scanIterator({ MATCH: "p:*", COUNT: 100 })) {
      found.push(...page);
    }
    return found.sort();
  },
  "rename, copy, type": (client) =>
    each(
      () => client.set("{key}a", "12"),
      () => client.rename("{key}a", "{key}b"),
      () => client.copy("{key}b", "{key}c"),
      () => client.type("{key}c"),
      () => client.objectEncoding("{key}c"),
    ),
  "message of an error": async (client) => {
    await client.set("text", "v");
    return client.lPush("text", "v").catch((error) => error.message);
  },
  "FLUSHDB and DBSIZE": (client) =>
    each(
      () => client.flushDb(),
      () => client.dbSize(),
    ),
});
