package io.ringmaster.it.differential;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;

/**
 * Values for the names in the grammar. Few different ones, so that requests meet each other's keys,
 * fields and members. Nothing expires during a run.
 */
final class Values {

  /** Kinds of keys, each used for one type. */
  private static final List<String> KEYS =
      List.of(
          "string",
          "number",
          "real",
          "bits",
          "volatile",
          "hash",
          "list",
          "set",
          "zset",
          "geo",
          "estimate",
          "stream");

  /** Keys with one element at most, so that a random choice among them is none. */
  static final Set<String> SINGLE = Set.of("onefield", "onemember", "onescore", "nowstream");

  static final List<String> SCRIPTS =
      List.of(
          "return {KEYS[1], ARGV[1], #KEYS, #ARGV}",
          "return redis.call('type', KEYS[1])",
          "return redis.call('append', KEYS[1], ARGV[1] or '')",
          "return redis.pcall('hgetall', KEYS[2] or KEYS[1])",
          "redis.call('set', KEYS[1], 'by a script') return redis.error_reply('MINE on purpose')",
          "return no_such_variable");

  private static final List<String> TAGS = List.of("a", "b", "c", "d", "e", "f", "g", "h");
  private static final long FUTURE_SECONDS = 33_177_117_420L;

  private final Random random;
  private final Map<String, List<String>> fixed;
  private final List<byte[]> payloads;
  private final List<String> digests;
  private String tag = "a";
  private long nextId = 1;

  /**
   * @param payloads what DUMP has returned
   * @param digests SHA-1 of the scripts, and of one that is unknown
   */
  Values(Random random, List<byte[]> payloads, List<String> digests) {
    this.random = random;
    this.payloads = payloads;
    this.digests = digests;
    this.fixed =
        Map.ofEntries(
            Map.entry(
                "value", List.of("v", "", "12", "two words", "\r\n\0\u00ff", "x".repeat(300))),
            Map.entry("int", List.of("1", "-3", "17", "0", "2")),
            Map.entry("float", List.of("1.5", "-2", "0.25", "3e2", "10")),
            Map.entry("index", List.of("0", "1", "-1", "2", "-3", "100")),
            Map.entry("count", List.of("0", "1", "2", "10")),
            Map.entry("positive", List.of("1", "2", "10", "1000")),
            Map.entry("offset", List.of("0", "1", "7", "100", "333")),
            Map.entry("type", List.of("u8", "i5", "u63", "i64", "u1")),
            Map.entry("seconds", List.of("100000", "200000", "5000000")),
            Map.entry("millis", List.of("100000000", "200000000")),
            Map.entry("at", List.of("" + FUTURE_SECONDS, "" + (FUTURE_SECONDS + 1000))),
            Map.entry("atmillis", List.of(FUTURE_SECONDS + "123", FUTURE_SECONDS + "999")),
            Map.entry("field", List.of("f1", "f2", "f3", "", "field \u00fc")),
            Map.entry("counter", List.of("n1", "n2")),
            Map.entry("score", List.of("1", "2.5", "-1", "inf", "-inf", "1e10", "0")),
            Map.entry("from", List.of("-inf", "0", "(1", "2.5")),
            Map.entry("to", List.of("+inf", "5", "(3", "1e10")),
            Map.entry("lexfrom", List.of("-", "[1", "(2")),
            Map.entry("lexto", List.of("+", "[9", "(3")),
            Map.entry("pattern", List.of("*", "f*", "1?", "[0-9]", "nothing")),
            Map.entry("keypattern", List.of("*", "*{a}*", "*hash*", "*[sz]et?", "nothing")),
            Map.entry("longitude", List.of("13.4", "-122.4", "2.35", "180")),
            Map.entry("latitude", List.of("52.5", "37.8", "48.86", "-33.9")),
            Map.entry("place", List.of("Berlin", "Paris", "x", "San Francisco")),
            Map.entry("radius", List.of("1000", "0.5", "20000")),
            Map.entry("unit", List.of("m", "km", "mi", "FT")),
            Map.entry("group", List.of("g1", "g2", "no such group")),
            Map.entry("consumer", List.of("alice", "bob")),
            Map.entry("script", SCRIPTS));
  }

  /** All keys of the next request belong to one shard. */
  void beginRequest() {
    tag = TAGS.get(random.nextInt(TAGS.size()));
  }

  boolean isKey(String name) {
    return KEYS.contains(name) || name.equals("key") || name.equals("missing");
  }

  byte[] of(String name) {
    return switch (name) {
      case "payload" -> payloads.get(random.nextInt(payloads.size()));
      case "digest" -> bytes(digests.get(random.nextInt(digests.size())));
      case "member" -> bytes("" + random.nextInt(20));
      case "id" -> bytes(random.nextLong(nextId + 2) + "-" + random.nextInt(3));
      case "nextid" -> bytes(++nextId + "-1");
      case "nextpart" -> bytes(++nextId + "-*");
      case "anykey" -> key(pick(KEYS), pick(TAGS));
      case "anystring" -> key("string", pick(TAGS));
      case "key" -> key(pick(KEYS), tag);
      default -> {
        List<String> values = fixed.get(name);
        yield values != null ? bytes(pick(values)) : key(name, tag);
      }
    };
  }

  /** A key of some type on the shard of this request. */
  byte[] otherKey() {
    return key(pick(KEYS), tag);
  }

  /** What few arguments may be. */
  byte[] garbage() {
    return bytes(
        pick(
            List.of(
                "abc",
                "",
                "0",
                "-1",
                "9223372036854775807",
                "9223372036854775808",
                "1e400",
                "nan",
                " 1",
                "0x10",
                "\0\u00ff\r\n",
                "LIMIT",
                "y".repeat(200))));
  }

  private byte[] key(String kind, String itsTag) {
    return bytes(kind + random.nextInt(SINGLE.contains(kind) ? 1 : 3) + "{" + itsTag + "}");
  }

  private String pick(List<String> list) {
    return list.get(random.nextInt(list.size()));
  }

  static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.ISO_8859_1);
  }
}
