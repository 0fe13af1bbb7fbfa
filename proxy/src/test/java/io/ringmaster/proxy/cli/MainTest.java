package io.ringmaster.proxy.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class MainTest {
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  @TempDir private Path folder;

  @Test
  void checkAcceptsShardsWithoutAFile() {
    assertThat(run("check", "--shard", "127.0.0.1:1,127.0.0.1:2", "--shard", "127.0.0.1:3"))
        .isZero();
    assertThat(out)
        .hasToString("configuration is valid: 2 shards, 3 nodes" + System.lineSeparator());
    assertThat(err.toString()).isEmpty();
  }

  @Test
  void checkPrintsEveryProblemOnItsLine() throws IOException {
    Path file = Files.writeString(folder.resolve("bad.conf"), "listen.port = x\nfoo = 1\n");

    assertThat(run("check", "--config", file.toString())).isEqualTo(Main.WRONG_CONFIGURATION);
    assertThat(err.toString().lines())
        .hasSize(2)
        .anyMatch(line -> line.startsWith(file + ":1: listen.port: "))
        .anyMatch(line -> line.startsWith(file + ":2: foo: "));
    assertThat(out.toString()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"ringmaster.conf", "demo.conf"})
  void templatesAreValid(String name) {
    String file = Path.of("..", "conf", name).toString();

    assertThat(run("check", "--config", file, "--shard", "127.0.0.1:1")).as(err::toString).isZero();
  }

  @Test
  void productionTemplateNamesItsShards() {
    assertThat(run("check", "--config", Path.of("..", "conf", "ringmaster.conf").toString()))
        .isZero();
  }

  @Test
  void portAndThreadsReachTheSettings() {
    assertThat(run("check", "--shard", "h:1", "--port", "70000", "--threads", "2000"))
        .isEqualTo(Main.WRONG_CONFIGURATION);
    assertThat(err.toString())
        .contains("--port: listen.port: 70000")
        .contains("--threads: listen.threads: 2000");
  }

  @ParameterizedTest
  @CsvSource({
    "bogus, bogus",
    "serve --prot 1, --prot",
    "serve --port x, --port",
    "import, --from",
    "import --from h:1 --apply, --to",
    "import --from h, host:port",
    "demo --shards 0, --shards",
    "demo --shards 100 --nodes 3, --shards",
    "serve --port 1 --port 2, --port",
    "serve --port, port",
    "serve more, more",
    "completion, bash",
    "completion fish, fish",
    "completion bash more, more",
    "'', demo|serve|check|import|version"
  })
  void wrongCommandLineIsOneLine(String line, String named) {
    String[] arguments = line.isEmpty() ? new String[0] : line.split(" ");

    assertThat(run(arguments)).isEqualTo(Main.WRONG_COMMAND_LINE);
    assertThat(err.toString().lines())
        .singleElement()
        .asString()
        .startsWith("ringmaster: ")
        .contains(named);
  }

  @ParameterizedTest
  @CsvSource({
    "sevre, serve",
    "imprt, import",
    "--verison, --version",
    "serve --prot 1, --port",
    "serve --shrad=h:1, --shard",
    "import --sentinel-usr a, --sentinel-user",
    "completion bsh, bash"
  })
  void aMisspeltWordIsAnsweredWithTheNearest(String line, String meant) {
    assertThat(run(line.split(" "))).isEqualTo(Main.WRONG_COMMAND_LINE);
    assertThat(err.toString()).contains("(did you mean " + meant + "?)");
  }

  @ParameterizedTest
  @ValueSource(strings = {"bogus", "serve --bogus", "completion zsh", "completion bash bash"})
  void aWordThatIsNearNoOtherIsAnsweredWithoutAQuestion(String line) {
    assertThat(run(line.split(" "))).isEqualTo(Main.WRONG_COMMAND_LINE);
    assertThat(err.toString()).startsWith("ringmaster: ").doesNotContain("did you mean");
  }

  @ParameterizedTest
  @CsvSource({"false, 1", "true, 0"})
  void checkNotesThatThereIsNoAdministrator(boolean admin, int notes) {
    String digest = "ab".repeat(32);
    String users = "auth.users=[{name=a, password-sha256=[" + digest + "], admin=" + admin + "}]";

    assertThat(run("check", "--shard", "127.0.0.1:1", "--set", users)).isZero();
    assertThat(out.toString().lines().filter(line -> line.startsWith("note: no user has admin")))
        .hasSize(notes);
  }

  @ParameterizedTest
  @CsvSource({"5s, 1", "6s, 1", "7s, 0"})
  void checkNotesThatClientsDoNotWaitAsLongAsAFailoverTakes(String wait, int notes) {
    String coordinator =
        "coordinator={ id = a, dir = d, secret = s, peers = [{ id = a, address = \"h:2\" }],"
            + " election-timeout = 500ms, failure.silent = 2s, lease = 3s, queue-timeout = "
            + wait
            + " }";

    assertThat(run("check", "--shard", "h:1", "--set", coordinator)).as(err::toString).isZero();
    assertThat(out.toString().lines().filter(line -> line.startsWith("note: coordinator.queue-")))
        .hasSize(notes);
  }

  @Test
  void aPortThatIsTakenIsToldInPlainWords() throws IOException {
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      String port = String.valueOf(taken.getLocalPort());

      assertThat(run("serve", "--shard", "h:1", "--port", port)).isEqualTo(Main.FAILED);
      assertThat(err.toString().strip())
          .isEqualTo("ringmaster: cannot listen on 127.0.0.1:%s: address already in use", port);
    }
  }

  @Test
  void aFolderThatCannotBeMadeIsToldInPlainWords() throws IOException {
    Path file = Files.writeString(folder.resolve("file"), "");

    assertThat(run("demo", "--dir", file.toString())).isEqualTo(Main.FAILED);
    assertThat(err.toString().strip())
        .isEqualTo("ringmaster: cannot use %s: it exists already", file);
  }

  @ParameterizedTest
  @ValueSource(strings = {"version", "--version"})
  void versionNamesItself(String word) {
    assertThat(run(word)).isZero();
    assertThat(out.toString()).startsWith("ringmaster ").contains(", Java ");
  }

  @Test
  void exitCodesAreWhatScriptsRelyOn() {
    assertThat(List.of(Main.FAILED, Main.WRONG_COMMAND_LINE, Main.WRONG_CONFIGURATION))
        .containsExactly(1, 2, 3);
  }

  @Test
  void helpAndOperationsDocumentListTheSameExitCodes() throws IOException {
    run("--help");
    String document = Files.readString(Path.of("..", "docs", "operations.md"));

    assertThat(out.toString().lines().dropWhile(line -> !line.equals("Exit codes:")).skip(1))
        .hasSize(5)
        .allSatisfy(
            line ->
                assertThat(document)
                    .contains("| " + line.strip().replaceFirst(" {2,}", " | ") + " |"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"--help", "-h", "help"})
  void helpListsTheCommands(String asked) {
    assertThat(run(asked)).isZero();
    assertThat(out.toString())
        .contains("demo", "serve", "check", "import", "version", "completion");
  }

  @Test
  void helpOfACommandListsItsOptions() {
    assertThat(run("import", "--help")).isZero();
    assertThat(out.toString())
        .contains("ringmaster import", "--from <HOST:PORT>", "--sentinel-user <NAME>", "--apply");
  }

  private int run(String... arguments) {
    return new Main(new PrintWriter(out, true), new PrintWriter(err, true)).execute(arguments);
  }
}
