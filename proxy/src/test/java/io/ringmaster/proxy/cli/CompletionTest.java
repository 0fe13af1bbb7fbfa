package io.ringmaster.proxy.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Bash itself, with the script that Ringmaster prints for it. */
class CompletionTest {
  @TempDir private Path folder;

  @ParameterizedTest
  @CsvSource({
    "ser, serve",
    "--v, --version",
    "import --sen, --sentinel-user",
    "check --port 1 --thr, --threads",
    "completion b, bash",
    "check --threads --p, ''",
    "check --set a = --p, ''"
  })
  void completesWhatWasBegun(String typed, String completed) throws Exception {
    assertThat(complete(List.of(typed.split(" ")))).isEqualTo(completed);
  }

  @Test
  void offersAllCommandsWhereNothingWasTyped() throws Exception {
    assertThat(complete(List.of("")))
        .isEqualTo("demo serve check import version completion --help --version");
  }

  @Test
  void offersAllOptionsOfACommand() throws Exception {
    for (Subcommand command : Main.COMMANDS) {
      List<String> options = command.options().getOptions().stream().map(Call::typed).toList();

      assertThat(complete(List.of(command.name(), "--")).split(" "))
          .as(command.name())
          .contains("--help")
          .containsAll(options);
    }
  }

  @Test
  void offersFilesWhereOneIsWanted() throws Exception {
    Files.writeString(folder.resolve("mine.conf"), "");

    assertThat(complete(List.of("serve", "--config", "mi"))).isEqualTo("mine.conf");
  }

  /** Returns what bash offers when the last of these words is to be completed. */
  private String complete(List<String> words) throws IOException, InterruptedException {
    String line = words.stream().map("'%s'"::formatted).collect(Collectors.joining(" "));
    // The function is called outside of a completion, where compopt fails as where there is none.
    String rest =
        "COMP_WORDS=(ringmaster %s)\nCOMP_CWORD=%d\n_ringmaster\necho \"${COMPREPLY[*]}\"\n"
            .formatted(line, words.size());
    Path script = Files.writeString(folder.resolve("script"), printed() + rest);
    Process bash =
        new ProcessBuilder("bash", "--norc", script.toString())
            .directory(folder.toFile())
            .redirectErrorStream(true)
            .start();
    String answer = new String(bash.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(bash.waitFor()).isZero();
    return answer.strip();
  }

  private static String printed() {
    StringWriter out = new StringWriter();
    PrintWriter err = new PrintWriter(new StringWriter());
    assertThat(new Main(new PrintWriter(out), err).execute("completion", "bash")).isZero();
    return out.toString();
  }
}
