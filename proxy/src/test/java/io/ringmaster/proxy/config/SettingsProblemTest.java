package io.ringmaster.proxy.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SettingsProblemTest {
  private static final String SHARD = "shards = [{ id = a, leader = \"h:1\" }]\n";

  @TempDir private Path folder;

  /** Each row stands on line 2 of a file, below one valid shard. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          listen.prot = 1                        | listen.prot: unknown key                          | backlog, host, port
          lisden { port = 1 }                    | lisden: unknown key                               | auth, backend
          listen = 5                             | listen: wrong type number                         | a block
          listen.port = 65536                    | listen.port: 65536 is not valid                   | a whole number, 0 to 65535
          listen.port = abc                      | listen.port: "abc" is not valid                   | a whole number, 0 to 65535
          listen.port = 1.5                      | listen.port: wrong type number                    | a whole number, 0 to 65535
          listen.port = [1]                      | listen.port: wrong type list                      | a whole number, 0 to 65535
          listen.port = null                     | listen.port: wrong type null                      | a whole number, 0 to 65535
          listen.host = "a b"                    | listen.host: "a b" is not valid                   | a host name or an IP address
          listen.protected-mode = maybe          | listen.protected-mode: "maybe" is not valid       | true or false
          listen.transport = fast                | listen.transport: "fast" is not valid             | auto, epoll, kqueue, nio, io-uring
          listen.transport = 3                   | listen.transport: wrong type number               | auto, epoll, kqueue, nio, io-uring
          http.port = 7379                       | http.port: 7379 is already listen.port            | another port, 0 or -1
          limits.max-bulk = 2g                   | limits.max-bulk: "2g" is not valid                | a size, 1k to 1g
          limits.max-bulk = big                  | limits.max-bulk: "big" is not valid               | a size, 1k to 1g
          limits.memory = 1                      | limits.memory: 1 is not valid                     | a size, 0 or 16m to 1024g
          limits.unread-time = 10                | limits.unread-time: 10 is not valid               | a duration with its unit, 100ms to 1h
          limits.unread-time = 2h                | limits.unread-time: "2h" is not valid             | a duration with its unit, 100ms to 1h
          limits.unread-time = soon              | limits.unread-time: "soon" is not valid           | a duration with its unit, 100ms to 1h
          limits.unauthenticated.x = 1           | limits.unauthenticated.x: unknown key             | max-arguments, max-bulk, max-output
          backend.reconnect-max = 1ms            | backend.reconnect-max: less than reconnect-min    | reconnect-min or more
          backend.username = u                   | backend.username: a user without a password       | empty, or set password too
          backend.password = [p]                 | backend.password: wrong type list                 | a text in quotes
          server.announced-version = seven       | server.announced-version: "seven" is not valid    | three numbers
          auth.users = 1                         | auth.users: wrong type number                     | a list of blocks
          auth.users = [1]                       | auth.users[0]: wrong type number                  | a block
          auth.users = [{ name = u }]            | auth.users[0].password-sha256: no password        | 64 hex digits
          auth.admin-commands = [flushal]        | auth.admin-commands: there is no command flushal  | a command, as flushall
          keyspaces = [{ name = n, prefix = p, policy = leader, shards = [z] }] | keyspaces[0].shards[0]: "z" is not valid | the id of a shard: a
          keyspaces = [{ name = default, prefix = p, policy = leader }] | keyspaces[0].name: keyspace default | not "default"
          keyspaces = [{ name = n, policy = leader }] | keyspaces[0].prefix: missing                 | a text that is not empty
          """)
  void namesFileLineKeyAndWhatIsAllowed(String line, String mistake, String allowed)
      throws IOException {
    List<Problem> problems = problemsOf(SHARD + line);

    assertThat(problems).isNotEmpty();
    assertThat(problems.getFirst().toString())
        .startsWith(folder.resolve("test.conf") + ":2: " + mistake)
        .contains("(allowed: ")
        .contains(allowed);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          { id = a, leader = "h:2" }                      | shards[1].id: shard a stands there twice
          { id = "a b", leader = "h:2" }                  | shards[1].id: "a b" is not valid
          { id = b, leader = "h:1" }                      | shards[1].leader: node h:1 stands there twice
          { id = b, leader = "h:2", replicas = ["h:2"] }  | shards[1].replicas: node h:2 stands there twice
          { id = b, leader = "h:2", replicas = ["h"] }    | shards[1].replicas[0]: "h" is not valid
          { id = b, leader = "h:0" }                      | shards[1].leader: "h:0" is not valid
          { id = b, leader = "h:2", weight = 0 }          | shards[1].weight: 0 is not valid
          { id = b, leader = "h:2", wieght = 1 }          | shards[1].wieght: unknown key
          { id = b }                                      | shards[1].leader: missing
          """)
  void findsWhatIsWrongWithAShard(String shard, String mistake) throws IOException {
    List<Problem> problems =
        problemsOf("shards = [\n  { id = a, leader = \"h:1\" }\n  " + shard + "\n]");

    assertThat(problems).hasSize(1);
    assertThat(problems.getFirst().toString())
        .startsWith(folder.resolve("test.conf") + ":3: " + mistake);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          id = c1, dir = d                                    | coordinator.listen: a coordinator without an address
          id = c1, listen = "h:1"                             | coordinator.dir: a coordinator without a folder
          id = "c 1", listen = "h:1", dir = d                 | coordinator.id: "c 1" is not valid
          id = c1, listen = h, dir = d                        | coordinator.listen: "h" is not valid
          peers = [{ id = a, address = h }]                   | coordinator.peers[0].address: "h" is not valid
          peers = [{ id = a, address = "h:1" }, { id = a, address = "h:2" }] | coordinator.peers[1].id: coordinator a stands there twice
          peers = [{ id = a, address = "h:1" }, { id = b, address = "h:1" }] | coordinator.peers[1].address: h:1 stands there twice
          heartbeat = 1s, lease = 2999ms                      | coordinator.lease: shorter than three heartbeats
          id = a, dir = d, listen = "h:2", peers = [{ id = a, address = "h:1" }] | coordinator.listen: not the address of a in peers
          id = c1, dir = d, listen = "h:1"                    | coordinator.secret: a coordinator without a secret
          tls.key = k                                         | coordinator.tls.trust: one file of TLS without the others
          tsl = {}                                            | coordinator.tsl: unknown key
          """)
  void findsWhatIsWrongWithACoordinator(String coordinator, String mistake) throws IOException {
    List<Problem> problems = problemsOf("coordinator {\n" + coordinator + "\n}");

    assertThat(problems).isNotEmpty();
    assertThat(problems.getFirst().toString()).contains(mistake);
  }

  @Test
  void collectsAllProblemsAtOnce() throws IOException {
    List<Problem> problems = problemsOf("listen.port = x\nlimits.foo = 1\nprobe.interval = 0\n");

    assertThat(problems)
        .extracting(Problem::key)
        .containsExactlyInAnyOrder("listen.port", "limits.foo", "probe.interval");
  }

  @Test
  void namesTheLineOfASyntaxError() throws IOException {
    List<Problem> problems = problemsOf("listen {\n  port = 1\n  }}\n");

    assertThat(problems).hasSize(1);
    assertThat(problems.getFirst().toString()).startsWith(folder.resolve("test.conf") + ":3: ");
  }

  @Test
  void namesTheOptionOfTheCommandLine() {
    List<Problem> problems =
        problemsOf(
            new SettingsSource()
                .set("listen.port=99999")
                .set("nonsense")
                .set("--threads", "listen.threads", -1)
                .shards(List.of("h:1,h")));

    assertThat(problems)
        .extracting(Problem::where)
        .containsExactlyInAnyOrder(
            "--set nonsense", "--set listen.port=99999", "--threads", "--shard h:1,h");
  }

  @Test
  void wantsAShard() {
    assertThat(problemsOf(new SettingsSource()))
        .extracting(Problem::key, Problem::mistake)
        .containsExactly(org.assertj.core.groups.Tuple.tuple("shards", "no shard"));
  }

  @Test
  void reportsAFileThatIsNotThere() {
    Path absent = folder.resolve("absent.conf");

    assertThat(problemsOf(new SettingsSource().file(absent)).getFirst())
        .hasToString(absent + ": cannot be read (allowed: a file of HOCON)");
  }

  @Test
  void reportsASubstitutionThatIsNotThere() throws IOException {
    assertThat(problemsOf("backend.password = ${NO_SUCH_VARIABLE_HERE}").getFirst().toString())
        .contains("test.conf:1: ")
        .contains("NO_SUCH_VARIABLE_HERE");
  }

  @Test
  void showsNoPasswordThatStandsInPlaceOfADigest() throws IOException {
    List<Problem> problems =
        problemsOf(SHARD + "auth.users = [{ name = u, password-sha256 = [swordfish] }]");

    assertThat(problems).hasSize(1);
    assertThat(problems.getFirst().toString())
        .contains("not a SHA-256 digest")
        .doesNotContain("swordfish");
  }

  private List<Problem> problemsOf(String content) throws IOException {
    return problemsOf(
        new SettingsSource().file(Files.writeString(folder.resolve("test.conf"), content)));
  }

  private static List<Problem> problemsOf(SettingsSource source) {
    SettingsException thrown = catchThrowableOfType(SettingsException.class, source::read);
    assertThat(thrown).isNotNull();
    return thrown.problems();
  }
}
