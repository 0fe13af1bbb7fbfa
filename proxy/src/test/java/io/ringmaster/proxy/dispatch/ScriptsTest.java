package io.ringmaster.proxy.dispatch;

import static io.ringmaster.proxy.wire.FakeServer.bulk;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.ringmaster.proxy.wire.FakeServer;
import io.ringmaster.proxy.wire.FakeShards;
import io.ringmaster.proxy.wire.RawClient;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Scripts by digest in front of a server that knows what was loaded into it, until it forgets. */
@Timeout(60)
class ScriptsTest {

  private static final String SCRIPT = "return-1";
  private static final String OTHER = "return-2";
  private static final String NOSCRIPT = "-NOSCRIPT No matching script. Please use EVAL.\r\n";
  private static final String BUSY = "-BUSY Redis is busy running a script.\r\n";
  private static final String BROKEN = "-ERR Error compiling script (new function)\r\n";

  private static final String YES = "*1\r\n:1\r\n";
  private static final String NO = "*1\r\n:0\r\n";

  private final FakeShards shards = new FakeShards(1);
  private final FakeServer server = shards.server(0).script(this::answer);
  private final RawClient client = shards.client();
  private final Set<String> known = ConcurrentHashMap.newKeySet();

  @AfterEach
  void stop() {
    shards.close();
  }

  private void answer(FakeServer.Exchange exchange) {
    exchange.reply(answer(exchange.words()));
  }

  private String answer(List<String> words) {
    return switch (words.getFirst()) {
      case "SCRIPT" -> script(words);
      case "EVAL", "EVAL_RO" -> {
        known.add(digest(words.get(1)));
        yield "+run\r\n";
      }
      case "EVALSHA", "EVALSHA_RO" -> known.contains(words.get(1)) ? "+run\r\n" : NOSCRIPT;
      default -> "+OK\r\n";
    };
  }

  private String script(List<String> words) {
    return switch (words.get(1)) {
      case "LOAD" -> {
        known.add(digest(words.get(2)));
        yield bulk(digest(words.get(2)));
      }
      case "FLUSH" -> {
        known.clear();
        yield "+OK\r\n";
      }
      default -> "*1\r\n:" + (known.contains(words.get(2)) ? 1 : 0) + "\r\n";
    };
  }

  @Test
  void aConnectionThatIsOpenedAnewFindsAServerThatMayKnowNothing() {
    client.call("EVAL " + SCRIPT + " 0");
    client.call("SCRIPT LOAD " + OTHER);
    assertThat(pipelined(evalSha(SCRIPT), evalSha(OTHER))).containsOnly("+run\r\n");
    loseConnection();
    known.clear();
    assertThat(pipelined(evalSha(SCRIPT), evalSha(OTHER), "GET k", evalSha(SCRIPT), "GET k"))
        .containsExactly("+run\r\n", "+run\r\n", "+OK\r\n", "+run\r\n", "+OK\r\n");
  }

  @Test
  void eachConnectionLoadsForItself() {
    client.call("EVAL " + SCRIPT + " 0");
    RawClient third = onAConnectionOfItsOwn();
    client.call(evalSha(SCRIPT));
    third.call(evalSha(SCRIPT));
    client.call(evalSha(SCRIPT));
    List<String> load = List.of("SCRIPT", "LOAD", SCRIPT);
    List<String> call = List.of("EVALSHA", digest(SCRIPT), "0");
    assertThat(server.received())
        .containsExactly(List.of("EVAL", SCRIPT, "0"), load, call, load, call, call);
  }

  @Test
  void whyAScriptCannotBeLoadedIsToldToAllWhoNeedIt() {
    client.call("EVAL " + SCRIPT + " 0");
    server.script(
        exchange -> exchange.reply(exchange.words().getFirst().equals("SCRIPT") ? BUSY : NOSCRIPT));
    assertThat(pipelined(evalSha(SCRIPT), evalSha(SCRIPT), evalSha(SCRIPT))).containsOnly(BUSY);
    server.script(this::answer);
    assertThat(pipelined(evalSha(SCRIPT), evalSha(SCRIPT))).containsOnly("+run\r\n");
  }

  @Test
  void aServerThatHasLostItsScriptsIsGivenAllOfThemAgain() {
    client.call("EVAL " + SCRIPT + " 0");
    client.call("EVAL " + OTHER + " 0");
    assertThat(pipelined(evalSha(SCRIPT), evalSha(OTHER))).containsOnly("+run\r\n");
    known.clear();
    assertThat(client.call(evalSha(SCRIPT))).isEqualTo(NOSCRIPT);
    assertThat(pipelined(evalSha(OTHER), evalSha(SCRIPT))).containsOnly("+run\r\n");
  }

  @Test
  void whatOnlyReadsIsCalledAgainWhereTheServerHasLostIt() {
    client.call("EVAL " + SCRIPT + " 0");
    client.call(evalSha(SCRIPT));
    known.clear();
    assertThat(client.call("EVALSHA_RO " + digest(SCRIPT) + " 0")).isEqualTo("+run\r\n");
    assertThat(server.received()).filteredOn(words -> words.contains("EVALSHA_RO")).hasSize(2);
  }

  @Test
  void aScriptThatAnswersInTheWordsOfAServerIsCalledOnce() {
    client.call("EVAL " + SCRIPT + " 0");
    for (String answer : List.of(NOSCRIPT, "-NOSCRIPT No matching script.\r\n")) {
      server.script(
          exchange ->
              exchange.reply(exchange.words().getFirst().equals("SCRIPT") ? "+OK\r\n" : answer));
      assertThat(client.call(evalSha(SCRIPT))).isEqualTo(answer);
    }
    assertThat(server.received()).filteredOn(words -> words.contains("EVALSHA")).hasSize(2);
  }

  @Test
  void aScriptThatManyOthersMayHaveDrivenOutIsLoadedAgain() {
    client.call("EVAL " + SCRIPT + " 0");
    client.call(evalSha(SCRIPT));
    for (int i = 0; i < 500; i++) {
      client.call("EVAL return-other" + i + " 0");
    }
    known.clear();
    assertThat(pipelined(evalSha(SCRIPT), "GET k")).containsExactly("+run\r\n", "+OK\r\n");
  }

  @Test
  void whatMustNotBeOvertakenIsNotCalledAgain() {
    client.call("EVAL " + SCRIPT + " 0");
    client.call(evalSha(SCRIPT));
    known.clear();
    assertThat(pipelined(evalSha(SCRIPT), "GET k")).containsExactly(NOSCRIPT, "+OK\r\n");
  }

  @Test
  void anErrorThatAScriptMadeIsNoReasonToCallItAgain() {
    client.call("EVAL " + SCRIPT + " 0");
    server.script(
        exchange ->
            exchange.reply(
                exchange.words().getFirst().equals("SCRIPT")
                    ? "+OK\r\n"
                    : "-NOSCRIPT of mine\r\n"));
    assertThat(client.call(evalSha(SCRIPT))).isEqualTo("-NOSCRIPT of mine\r\n");
    assertThat(server.received().stream().filter(words -> words.contains("EVALSHA"))).hasSize(1);
  }

  @Test
  void aScriptIsKnownAlthoughItsFirstCallFailed() {
    server.script(FakeServer.Exchange::hangUp);
    assertThat(client.call("EVAL " + SCRIPT + " 0")).startsWith("-UNCERTAIN ");
    server.script(this::answer);
    await().until(() -> client.call("GET k").equals("+OK\r\n"));
    assertThat(client.call(exists(SCRIPT))).isEqualTo(YES);
    assertThat(pipelined(evalSha(SCRIPT), "GET k")).containsExactly("+run\r\n", "+OK\r\n");
  }

  @Test
  void aScriptThatNoServerCanCompileIsNotKnown() {
    for (String error :
        List.of(
            BROKEN,
            "-ERR Unexpected flag in script shebang: bad\r\n",
            "-ERR Unexpected engine in script shebang: js\r\n",
            "-ERR Unknown lua shebang option: a=1\r\n",
            "-ERR Invalid script shebang\r\n")) {
      server.alwaysReply(error);
      assertThat(client.call("EVAL " + SCRIPT + " 0")).isEqualTo(error);
      server.script(this::answer);
      assertThat(client.call(exists(SCRIPT))).isEqualTo(NO);
      assertThat(client.call(evalSha(SCRIPT))).isEqualTo(NOSCRIPT);
    }
  }

  @Test
  void aScriptWithoutItsNumberOfKeysIsNotKnown() {
    server.alwaysReply("-ERR value is not an integer or out of range\r\n");
    client.call("EVAL " + SCRIPT + " x");
    server.script(this::answer);
    assertThat(client.call(exists(SCRIPT))).isEqualTo(NO);
  }

  @Test
  void whereAnyNodeMayAnswerTheCallCarriesTheScript() {
    client.call("EVAL " + SCRIPT + " 0");
    client.call("KV.CONSISTENCY READ nearest");
    known.clear();
    assertThat(client.call("EVALSHA_RO " + digest(SCRIPT) + " 1 key a")).isEqualTo("+run\r\n");
    assertThat(server.received()).endsWith(List.of("EVAL_RO", SCRIPT, "1", "key", "a"));
    assertThat(client.call("EVALSHA_RO " + digest(OTHER) + " 1 key a")).isEqualTo(NOSCRIPT);
  }

  @Test
  void whatIsFlushedIsLoadedAgainOnceItIsShownAgain() {
    client.call("EVAL " + SCRIPT + " 0");
    client.call(evalSha(SCRIPT));
    client.call("SCRIPT FLUSH");
    assertThat(client.call(exists(SCRIPT))).isEqualTo(NO);
    assertThat(pipelined(evalSha(SCRIPT), "GET k")).containsExactly(NOSCRIPT, "+OK\r\n");
    client.call("EVAL " + SCRIPT + " 0");
    known.clear();
    assertThat(pipelined(evalSha(SCRIPT), "GET k")).containsExactly("+run\r\n", "+OK\r\n");
  }

  @Test
  void whatIsLoadedWhileAnotherClientFlushesIsLoadedAgain() {
    RawClient other = onAConnectionOfItsOwn();
    BlockingQueue<FakeServer.Exchange> flushes = withhold("FLUSH");
    other.send("SCRIPT FLUSH\r\n");
    await().until(() -> !flushes.isEmpty());
    client.call("EVAL " + SCRIPT + " 0");
    assertThat(client.call(evalSha(SCRIPT))).isEqualTo("+run\r\n");
    answer(flushes.remove());
    assertThat(other.reply()).isEqualTo("+OK\r\n");
    assertThat(pipelined(evalSha(SCRIPT), "GET k")).containsExactly("+run\r\n", "+OK\r\n");
  }

  @Test
  void whatIsFlushedWhileItIsCalledIsNotBroughtBack() {
    RawClient other = onAConnectionOfItsOwn();
    client.call("EVAL " + SCRIPT + " 0");
    client.call(evalSha(SCRIPT));
    BlockingQueue<FakeServer.Exchange> calls = withhold("EVALSHA");
    client.send(evalSha(SCRIPT) + "\r\n");
    await().until(() -> !calls.isEmpty());
    other.call("SCRIPT FLUSH");
    answer(calls.remove());
    assertThat(client.reply()).isEqualTo(NOSCRIPT);
    assertThat(known).isEmpty();
  }

  @Test
  void aScriptThatNoServerCanCompileIsUnknownToWhatIsBehindIt() {
    server.script(
        exchange -> {
          if (exchange.words().contains(SCRIPT)) {
            exchange.reply(BROKEN);
          } else {
            answer(exchange);
          }
        });
    assertThat(pipelined("EVAL " + SCRIPT + " 0", exists(SCRIPT), evalSha(SCRIPT), evalSha(SCRIPT)))
        .containsExactly(BROKEN, NO, NOSCRIPT, NOSCRIPT);
  }

  @Test
  void existsTellsWhatTheCallBehindItFinds() {
    String eval = "EVAL " + SCRIPT + " 0";
    String both = exists(SCRIPT) + "\r\n" + evalSha(SCRIPT);
    assertThat(pipelined(eval, both, "SCRIPT FLUSH", both, "SCRIPT LOAD " + SCRIPT, both))
        .containsExactly(
            "+run\r\n",
            YES,
            "+run\r\n",
            "+OK\r\n",
            NO,
            NOSCRIPT,
            bulk(digest(SCRIPT)),
            YES,
            "+run\r\n");
    loseConnection();
    known.clear();
    assertThat(pipelined(both, "GET k")).containsExactly(YES, "+run\r\n", "+OK\r\n");
    onAConnectionOfItsOwn().call("SCRIPT FLUSH");
    assertThat(pipelined(both, eval, both))
        .containsExactly(NO, NOSCRIPT, "+run\r\n", YES, "+run\r\n");
  }

  private RawClient onAConnectionOfItsOwn() {
    RawClient other = shards.client();
    other.call("HELLO 3");
    return other;
  }

  /** From now on requests with this word wait for the test to answer them. */
  private BlockingQueue<FakeServer.Exchange> withhold(String word) {
    BlockingQueue<FakeServer.Exchange> withheld = new LinkedBlockingQueue<>();
    server.script(
        exchange -> {
          if (exchange.words().contains(word)) {
            withheld.add(exchange);
          } else {
            answer(exchange);
          }
        });
    return withheld;
  }

  private void loseConnection() {
    server.script(FakeServer.Exchange::hangUp);
    assertThat(client.call("GET k")).startsWith("-UNAVAILABLE ");
    server.script(this::answer);
    await().until(() -> client.call("GET k").equals("+OK\r\n"));
  }

  private List<String> pipelined(String... lines) {
    String requests = String.join("\r\n", lines);
    client.send(requests + "\r\n");
    return requests.lines().map(request -> client.reply()).toList();
  }

  private static String exists(String script) {
    return "SCRIPT EXISTS " + digest(script);
  }

  private static String evalSha(String script) {
    return "EVALSHA " + digest(script) + " 0";
  }

  private static String digest(String script) {
    try {
      MessageDigest sha1 = MessageDigest.getInstance("SHA-1");
      return HexFormat.of().formatHex(sha1.digest(script.getBytes(StandardCharsets.US_ASCII)));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
