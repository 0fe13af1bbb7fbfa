package io.ringmaster.proxy.failure;

import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * What operating systems say when a call fails. The JDK and Netty's native transports put it
 * somewhere into their texts, each in a way of its own.
 */
final class SystemErrors {

  private static final List<String> SOCKETS =
      List.of(
          "address already in use",
          "broken pipe",
          "cannot assign requested address",
          "connection refused",
          "connection reset",
          "connection timed out",
          "host is unreachable",
          "network is unreachable",
          "no buffer space available",
          "no route to host",
          "permission denied",
          "too many open files");

  private static final List<String> FILES =
      List.of(
          "disk quota exceeded",
          "file name too long",
          "file too large",
          "input/output error",
          "is a directory",
          "no space left on device",
          "no such file or directory",
          "not a directory",
          "operation not permitted",
          "permission denied",
          "read-only file system",
          "stale file handle",
          "too many open files");

  private SystemErrors() {}

  /** What {@code text} has somewhere of what concerns a connection. */
  static Optional<String> ofSockets(String text) {
    return first(SOCKETS, text);
  }

  /** What {@code text} has somewhere of what concerns a file. */
  static Optional<String> ofFiles(String text) {
    return first(FILES, text);
  }

  private static Optional<String> first(List<String> known, String text) {
    String lower = text.toLowerCase(Locale.ROOT);
    return known.stream().filter(lower::contains).findFirst();
  }
}
