package io.ringmaster.proxy.failure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.io.FileInputStream;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class FileFailuresTest {

  @TempDir private Path folder;

  @Test
  void whatIsNotThereIsNamedByItsReasonOnly() {
    Path gone = folder.resolve("gone");

    assertThat(FileFailures.reason(catchThrowable(() -> Files.readString(gone))))
        .isEqualTo("no such file or directory");
    assertThat(
            FileFailures.reason(catchThrowable(() -> new FileInputStream(gone.toFile()).close())))
        .isEqualTo("no such file or directory");
  }

  @Test
  void aFileInThePlaceOfAFolderIsToldAsSuch() throws IOException {
    Path file = Files.writeString(folder.resolve("file"), "");

    assertThat(FileFailures.reason(catchThrowable(() -> Files.readString(file.resolve("below")))))
        .isEqualTo("not a directory");
    assertThat(FileFailures.reason(catchThrowable(() -> Files.createDirectories(file))))
        .isEqualTo("it exists already");
  }

  @Test
  void aProgramThatIsNotThereIsToldAsSuch() {
    assertThat(
            FileFailures.reason(
                catchThrowable(
                    () -> new ProcessBuilder(folder.resolve("gone").toString()).start())))
        .isEqualTo("no such file or directory");
  }

  static Stream<Arguments> failures() {
    return Stream.of(
        Arguments.of(new AccessDeniedException("/data/x"), "permission denied"),
        Arguments.of(
            new FileSystemException("/data/x", null, "No space left on device"),
            "no space left on device"),
        Arguments.of(
            new FileSystemException("/data/is a directory", null, "Read-only file system"),
            "read-only file system"),
        Arguments.of(new IOException("File too large"), "file too large"),
        Arguments.of(
            new IllegalStateException("org.example.Log", new IOException("Input/output error")),
            "input/output error"),
        Arguments.of(new IOException("org.example.Strange@1f"), "it cannot be read or written"));
  }

  @ParameterizedTest
  @MethodSource("failures")
  void noTextOfALibraryIsPassedOn(Throwable failure, String words) {
    assertThat(FileFailures.reason(failure)).isEqualTo(words);
  }
}
