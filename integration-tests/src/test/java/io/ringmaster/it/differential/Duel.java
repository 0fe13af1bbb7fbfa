package io.ringmaster.it.differential;

import io.ringmaster.protocol.command.CommandTable;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;

/**
 * One random sequence, sent to a plain server and to another endpoint in pipelines of random
 * lengths.
 */
final class Duel implements AutoCloseable {

  private static final int LONGEST_PIPELINE = 40;

  private final long seed;
  private final int version;
  private final Random random;
  private final Endpoint plain;
  private final Endpoint other;
  private final Requests requests;
  private final Map<String, Integer> valid = new HashMap<>();
  private final List<String> differences = new ArrayList<>();
  private long compared;

  /**
   * @param version of the protocol, 2 or 3
   */
  Duel(long seed, int version, int plainPort, int otherPort, CommandTable table)
      throws IOException {
    this.seed = seed;
    this.version = version;
    this.random = new Random(seed);
    this.plain = new Endpoint(plainPort, version);
    this.other = new Endpoint(otherPort, version);
    for (String command : List.of("FLUSHALL", "SCRIPT FLUSH")) {
      Request request = Request.of(command.split(" "));
      plain.call(request);
      other.call(request);
    }
    List<String> digests = new ArrayList<>(Values.SCRIPTS.stream().map(Duel::digest).toList());
    digests.add("0".repeat(40));
    this.requests = new Requests(random, new Values(random, payloads(), digests), table);
  }

  /** Sends {@code count} requests, or fewer if ten of them were answered differently. */
  void run(long count) throws IOException {
    while (compared < count && differences.size() < 10) {
      List<Request> batch = new ArrayList<>();
      Request alone = null;
      for (int i = random.nextInt(LONGEST_PIPELINE); i >= 0 && alone == null; i--) {
        Request request = nextOnOneShard();
        if (request.command().equals("scan") || request.command().equals("randomkey")) {
          alone = request;
        } else {
          batch.add(request);
        }
      }
      compare(batch);
      if (alone != null) {
        compareAlone(alone);
      }
    }
  }

  /** Whether every key holds the same in both. */
  void compareData() throws IOException {
    for (String key : new TreeSet<>(plain.call(Request.of("KEYS", "*")).strings())) {
      boolean stream = plain.call(Request.of("TYPE", key)).text().equals("+stream");
      boolean ownClock = key.startsWith("nowstream");
      if (stream && !ownClock) {
        compare(List.of(Request.of("xrange", key, "-", "+")));
      } else if (!stream) {
        compare(List.of(Request.of("dump", key)));
      }
    }
    compare(List.of(Request.of("dbsize")));
  }

  List<String> differences() {
    return differences;
  }

  /** Replies that were compared. */
  long compared() {
    return compared;
  }

  /** How many valid requests of a command were not answered with an error. */
  Map<String, Integer> valid() {
    return valid;
  }

  List<String> commands() {
    return requests.commands();
  }

  /** A changed request may name keys on several shards, which only transactions will allow. */
  private Request nextOnOneShard() throws IOException {
    while (true) {
      Request request = requests.next();
      if (request.valid() || isOnOneShard(request)) {
        return request;
      }
    }
  }

  private boolean isOnOneShard(Request request) throws IOException {
    if (List.of("mset", "mget", "del", "unlink", "exists", "touch").contains(request.command())) {
      return true;
    }
    List<byte[]> words = new ArrayList<>(List.of(Values.bytes("COMMAND"), Values.bytes("GETKEYS")));
    words.addAll(request.words());
    Answer keys = plain.call(new Request("command", words, true));
    return keys.isError() || keys.strings().stream().map(Duel::tag).distinct().count() < 2;
  }

  private static String tag(String key) {
    return key.matches(".*\\{.\\}") ? key.substring(key.length() - 3) : key;
  }

  private void compare(List<Request> batch) throws IOException {
    plain.send(batch);
    other.send(batch);
    List<Answer> expected = plain.receive(batch.size());
    List<Answer> actual = other.receive(batch.size());
    for (int i = 0; i < batch.size(); i++) {
      Request request = batch.get(i);
      compared++;
      if (request.valid() && !expected.get(i).isError()) {
        valid.merge(request.command(), 1, Integer::sum);
      }
      if (!expected.get(i).isSameAs(actual.get(i))
          && !Deviation.anyExplains(request, expected.get(i), actual.get(i))) {
        differs(request, expected.get(i), actual.get(i));
      }
    }
  }

  /** SCAN: the keys of a whole iteration. RANDOMKEY: a key that is there. */
  private void compareAlone(Request request) throws IOException {
    compared++;
    if (request.command().equals("scan") && request.valid()) {
      valid.merge("scan", 1, Integer::sum);
      Set<String> expected = scan(plain, request);
      Set<String> actual = scan(other, request);
      if (!expected.equals(actual)) {
        differences.add(seed + ": " + request + " found " + actual + ", not " + expected);
      }
    } else if (request.command().equals("randomkey") && request.valid()) {
      valid.merge("randomkey", 1, Integer::sum);
      Answer key = other.call(request);
      Answer none = plain.call(request);
      boolean same =
          none.isSameAs(key) || plain.call(Request.of("EXISTS", key.text())).text().equals(":1");
      if (!same) {
        differs(request, none, key);
      }
    } else {
      Answer expected = plain.call(request);
      Answer actual = other.call(request);
      if (expected.isError() != actual.isError()
          || (expected.isError() && !expected.isSameAs(actual))) {
        differs(request, expected, actual);
      }
    }
  }

  private static Set<String> scan(Endpoint endpoint, Request first) throws IOException {
    Set<String> keys = new TreeSet<>();
    List<byte[]> words = new ArrayList<>(first.words());
    String cursor;
    do {
      List<String> found = endpoint.call(new Request("scan", words, true)).strings();
      cursor = found.getFirst();
      keys.addAll(found.subList(1, found.size()));
      words.set(1, Values.bytes(cursor));
    } while (!cursor.equals("0"));
    return keys;
  }

  private void differs(Request request, Answer expected, Answer actual) {
    differences.add(
        "%nDIFF seed %d RESP%d request %d: %s%n  plain %s%n  other %s"
            .formatted(seed, version, compared, request, expected, actual));
  }

  private List<byte[]> payloads() throws IOException {
    List<byte[]> payloads = new ArrayList<>();
    for (String line : List.of("SET p text", "RPUSH p a b c", "HSET p f v", "SADD p 1 2 3")) {
      plain.call(Request.of(line.split(" ")));
      Answer dump = plain.call(Request.of("DUMP", "p"));
      payloads.add(Values.bytes(dump.text()));
      plain.call(Request.of("DEL", "p"));
    }
    payloads.add(Values.bytes("no payload"));
    return payloads;
  }

  private static String digest(String script) {
    try {
      byte[] bytes = script.getBytes(StandardCharsets.ISO_8859_1);
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-1").digest(bytes));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  public void close() throws IOException {
    plain.close();
    other.close();
  }
}
