package io.ringmaster.proxy.failure;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.net.SocketException;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Why a file could not be read or written, in plain words; the caller names the file. */
public final class FileFailures {

  private static final Logger LOG = LoggerFactory.getLogger(FileFailures.class);
  private static final String UNKNOWN = "it cannot be read or written";

  private FileFailures() {}

  /** The words for {@code failure}. */
  public static String reason(Throwable failure) {
    return known(failure)
        .orElseGet(
            () -> {
              LOG.debug(UNKNOWN, failure);
              return UNKNOWN;
            });
  }

  /** The words for {@code failure} or one of its causes; empty if none of them is of a file. */
  public static Optional<String> known(Throwable failure) {
    return Causes.first(failure, FileFailures::one);
  }

  private static Optional<String> one(Throwable failure) {
    return switch (failure) {
      case NoSuchFileException gone -> Optional.of("no such file or directory");
      case AccessDeniedException denied -> Optional.of("permission denied");
      case FileAlreadyExistsException there -> Optional.of("it exists already");
      case NotDirectoryException file -> Optional.of("not a directory");
      case DirectoryNotEmptyException full -> Optional.of("the directory is not empty");
      case OverlappingFileLockException locked -> Optional.of("another process uses it");
      case FileNotFoundException missing ->
          SystemErrors.ofFiles("" + missing.getMessage())
              .or(() -> Optional.of("it cannot be opened"));
      case FileSystemException other -> SystemErrors.ofFiles("" + other.getReason());
      case SocketException socket -> Optional.empty();
      case IOException other -> SystemErrors.ofFiles("" + other.getMessage());
      default -> Optional.empty();
    };
  }
}
