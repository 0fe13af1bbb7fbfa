package io.ringmaster.protocol.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufInputStream;
import io.netty.buffer.Unpooled;
import io.ringmaster.protocol.ProtocolVersion;
import io.ringmaster.protocol.codec.CommandInfoWriter;
import io.ringmaster.protocol.codec.ReplyWriter;
import io.ringmaster.protocol.command.KeySearch.Found;
import io.ringmaster.protocol.command.KeySearch.Missing;
import java.io.DataInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The table against a real server. To see what another version has changed, put its server on PATH
 * and run this test: the assertions name what differs.
 */
@SuppressWarnings("NullAway.Init")
class RealServerTest {

  private static final CommandTable TABLE = CommandTable.load();
  private static final int SUBCOMMANDS = 9;

  private static RealRedis redis;

  @BeforeAll
  static void startServer() throws IOException {
    redis = RealRedis.start();
  }

  @AfterAll
  static void stopServer() throws IOException {
    if (redis != null) {
      redis.close();
    }
  }

  @Test
  void knowsEveryCommandOfTheServer() throws IOException {
    for (RespNode entry : redis.call("COMMAND").children()) {
      assertKnown(entry);
    }
  }

  private static void assertKnown(RespNode entry) {
    String name = entry.child(0).text();
    CommandSpec spec = Objects.requireNonNull(TABLE.find(name), name);
    for (int i = 0; i < 3; i++) {
      long ours = List.of(spec.firstKey(), spec.lastKey(), spec.keyStep()).get(i);
      assertThat(ours).as(spec.name()).isEqualTo(entry.child(3 + i).number());
    }
    entry.child(SUBCOMMANDS).children().forEach(RealServerTest::assertKnown);
  }

  @ParameterizedTest
  @EnumSource(ProtocolVersion.class)
  void writesEveryCommandAsTheServerDoes(ProtocolVersion version) throws IOException {
    assumeTrue(redis.isVersion70(), "the table holds the values of Redis 7.0");
    redis.call("HELLO " + version.number());
    List<RespNode> entries = redis.call("COMMAND").children();
    redis.call("HELLO 2");
    assertThat(entries).hasSizeGreaterThan(200);
    for (RespNode entry : entries) {
      CommandSpec spec = Objects.requireNonNull(TABLE.find(entry.child(0).text()));
      RespNode ours = written(spec, version);
      assertThat(sorted(without72(ours))).isEqualTo(sorted(entry));
    }
  }

  private static RespNode written(CommandSpec spec, ProtocolVersion version) throws IOException {
    ByteBuf buffer = Unpooled.buffer();
    new CommandInfoWriter(new ReplyWriter(buffer, version)).write(spec);
    try (DataInputStream in = new DataInputStream(new ByteBufInputStream(buffer))) {
      RespNode node = RespNode.read(in);
      assertThat(in.available()).isZero();
      return node;
    }
  }

  private static RespNode without72(RespNode entry) {
    return withSubcommands(
        entry,
        entry.child(SUBCOMMANDS).children().stream()
            .filter(sub -> isIn70(sub.child(0).text()))
            .toList());
  }

  private static boolean isIn70(String name) {
    String since = Objects.requireNonNull(TABLE.find(name)).since();
    return !since.isEmpty() && since.compareTo("7.2") < 0;
  }

  // The server's order of subcommands changes from start to start.
  private static RespNode sorted(RespNode entry) {
    return withSubcommands(
        entry,
        entry.child(SUBCOMMANDS).children().stream()
            .sorted(Comparator.comparing(sub -> sub.child(0).text()))
            .toList());
  }

  private static RespNode withSubcommands(RespNode entry, List<RespNode> subcommands) {
    List<RespNode> children = new ArrayList<>(entry.children());
    RespNode old = entry.child(SUBCOMMANDS);
    children.set(SUBCOMMANDS, new RespNode(old.type(), old.text(), subcommands));
    return new RespNode(entry.type(), entry.text(), children);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "GET a",
        "GET a b",
        "PING x",
        "SPUBLISH c m",
        "SUBSCRIBE c",
        "MSET a 1 b",
        "MGET a b",
        "EVAL s 0",
        "EVAL s x",
        "EVAL s 3 a",
        "EVAL s 1a a",
        "LMPOP 1x a LEFT",
        "ZUNIONSTORE d 1x a",
        "LMPOP +1 a LEFT",
        "LMPOP 4294967297 a b",
        "ZUNION 01 a b",
        "SORT a STORE get STORE d",
        "SORT a LIMIT store b store c",
        "SORT a STORE",
        "SORT_RO a STORE b",
        "GEORADIUS a 0 0 1 m STORE b STOREDIST c STORE d",
        "GEORADIUS a 0 0 1 m STORE\\0z b",
        "GEORADIUS a 0 0 1 m STORE",
        "XREAD STREAMS a 0",
        "XREAD STREAMS a b c",
        "XREAD a b c",
        "XREADGROUP COUNT 1 GROUP streams c STREAMS a >",
        "XREADGROUP STREAMS a b c d STREAMS x",
        "XREADGROUP GROUP g c STREAMS a b > >",
        "MIGRATE h 1 a 0 5 KEYS b",
        "OBJECT HELP",
        "MIGRATE h 1 '' 0 5 AUTH keys KEYS a b",
        "MIGRATE h 1 a 0 5 AUTH2 keys b",
        "OBJECT FREQ a",
        "BLPOP a b 0",
        "BITOP NOT a b",
        "SET a b GET",
        "BITFIELD a",
        "MEMORY USAGE a SAMPLES 5"
      })
  void listsTheKeysThatGetkeysLists(String request) throws IOException {
    assertSameKeys(ListArguments.of(request));
  }

  @Test
  void listsTheKeysOfRandomRequests() throws IOException {
    assumeTrue(redis.isVersion70(), "other versions differ in details of wrong requests");
    Random random = new Random(20_240_501);
    List<CommandSpec> specs =
        TABLE.all().stream().filter(spec -> !spec.hasSubcommands() && isIn70(spec.name())).toList();
    List<CommandSpec> movable = specs.stream().filter(CommandSpec::movableKeys).toList();
    for (int i = 0; i < 20_000; i++) {
      List<CommandSpec> some = i % 4 == 0 ? specs : movable;
      assertSameKeys(randomRequest(random, some.get(random.nextInt(some.size()))));
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "SORT list",
        "GEORADIUS geo 15 37 200 km",
        "GEORADIUSBYMEMBER geo m 200 km",
        "XREAD COUNT 1",
        "XREADGROUP GROUP streams c COUNT 1",
        "XREADGROUP COUNT 1 GROUP streams c"
      })
  void namesEveryKeyThatTheServerUses(String beginning) throws IOException {
    List<String> words =
        List.of(
            "STORE",
            "store\\0x",
            "storedist",
            "GET",
            "BY",
            "ASC",
            "LIMIT",
            "0",
            "1",
            "COUNT",
            "STREAMS",
            "streams\\0x",
            "stream",
            ">",
            "NOACK",
            "get",
            "a",
            "b");
    List<String> ends = List.of(" STREAMS a 0", " streams stream streams > 0-0", " a get 0 0", "");
    Random random = new Random(beginning.hashCode());
    int used = 0;
    for (int i = 0; i < 1500; i++) {
      StringBuilder request = new StringBuilder(beginning);
      for (int j = random.nextInt(5); j > 0; j--) {
        request.append(' ').append(words.get(random.nextInt(words.size())));
      }
      if (beginning.startsWith("X")) {
        request.append(ends.get(random.nextInt(ends.size())));
      }
      used += assertKeysNamed(request.toString());
    }
    assertThat(used).as("requests that used keys").isGreaterThan(20);
  }

  // Keys written show in the key space, keys read in the reply of XREAD.
  private static int assertKeysNamed(String request) throws IOException {
    redis.call("FLUSHALL");
    redis.call("RPUSH list 1");
    redis.call("GEOADD geo 15 37 m");
    for (String stream : List.of("stream", "a", "get", "streams")) {
      redis.call("XADD " + stream + " 1-1 f v");
      redis.call("XGROUP CREATE " + stream + " streams 0");
    }
    ListArguments arguments = ListArguments.of(request);
    RespNode reply = redis.call(arguments);
    if (reply.isError()) {
      return 0;
    }
    List<String> used = new ArrayList<>();
    if (request.startsWith("X")) {
      reply.children().forEach(stream -> used.add(stream.child(0).text()));
    } else {
      used.addAll(changedKeys());
    }
    assertThat(used).as(request).isSubsetOf(keysOf(arguments));
    return used.isEmpty() ? 0 : 1;
  }

  private static List<String> changedKeys() throws IOException {
    List<String> changed = new ArrayList<>();
    for (RespNode key : redis.call("KEYS *").children()) {
      String type = redis.call("TYPE " + key.text().replace("\0", "\\0")).text();
      boolean initial =
          switch (key.text()) {
            case "list" -> type.equals("list");
            case "geo" -> type.equals("zset");
            default -> type.equals("stream");
          };
      if (!initial) {
        changed.add(key.text());
      }
    }
    return changed;
  }

  private static List<String> keysOf(ListArguments arguments) {
    List<String> keys = new ArrayList<>();
    if (KeyFinder.positions(KeyFinderTest.spec(arguments), arguments) instanceof Found found) {
      for (int position : found.positions()) {
        keys.add(text(arguments.bytes(position)));
      }
    }
    return keys;
  }

  private static ListArguments randomRequest(Random random, CommandSpec spec) {
    List<String> words =
        List.of(
            "STORE",
            "storedist",
            "STREAMS",
            "GROUP",
            "BLOCK",
            "COUNT",
            "NOACK",
            "LIMIT",
            "GET",
            "BY",
            "KEYS",
            "AUTH",
            "COPY",
            "store\\0x",
            "0",
            "1",
            "2",
            "3",
            "-1",
            "1x",
            "007",
            "''",
            "a",
            "b",
            "c",
            "d");
    StringBuilder request = new StringBuilder(spec.name().replace('|', ' '));
    int count = Math.abs(spec.arity()) - 1 + random.nextInt(spec.arity() < 0 ? 6 : 2);
    int names = spec.parent() == null ? 1 : 2;
    for (int i = names; i < Math.max(count + 1, 2); i++) {
      request.append(' ').append(words.get(random.nextInt(words.size())));
    }
    return ListArguments.of(request.toString());
  }

  private static void assertSameKeys(ListArguments arguments) throws IOException {
    RespNode reply = redis.call(arguments, "COMMAND", "GETKEYS");
    CommandSpec spec = KeyFinderTest.spec(arguments);
    String expected = reply.isError() ? reply.text() : texts(reply);
    String request = String.join(" ", arguments.list().stream().map(RealServerTest::text).toList());
    assertThat(answer(spec, arguments)).as(request).isEqualTo(expected);
  }

  private static String answer(CommandSpec spec, ListArguments arguments) {
    return switch (KeyFinder.listed(spec, arguments)) {
      case Missing missing -> "ERR " + missing.message();
      case Found found -> {
        List<String> keys = new ArrayList<>();
        for (int position : found.positions()) {
          keys.add(text(arguments.bytes(position)));
        }
        yield keys.toString();
      }
    };
  }

  private static String texts(RespNode reply) {
    return reply.children().stream().map(RespNode::text).toList().toString();
  }

  private static String text(byte[] bytes) {
    return new String(bytes, StandardCharsets.ISO_8859_1);
  }
}
