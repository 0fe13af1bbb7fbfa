package io.ringmaster.protocol.command;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class CommandDocsTest {

  private static final Path PAGE = Path.of("..", "docs", "commands.md");

  @Test
  void pageAgreesWithTheTable() throws IOException {
    String page = CommandDocs.page(CommandTable.load());
    if (Boolean.getBoolean("update")) {
      Files.createDirectories(PAGE.getParent());
      Files.writeString(PAGE, page);
    }
    assertThat(Files.readString(PAGE)).as("stale: run with -Dupdate=true").isEqualTo(page);
  }
}
