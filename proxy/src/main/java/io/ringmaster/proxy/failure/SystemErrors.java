package io.ringmaster.proxy.failure;

import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * What operating systems say when a call fails. The JDK and Netty's native transports put it
 * somewhere into their texts, each in a way of its own.
 */
final class SystemErrors {

  private static final List<String> KNOWN =
      List.of(
          "address already in use",
          "broken pipe",
          "cannot assign requested address",
          "connection refused",
          "connection reset",
          "connection timed out",
          "disk quota exceeded",
          "file name too long",
          "file too large",
          "host is unreachable",
          "input/output error",
          "is a directory",
          "network is unreachable",
          "no buffer space available",
          "no route to host",
          "no space left on device",
          "no such file or directory",
          "not a directory",
          "operation not permitted",
          "permission denied",
          "read-only file system",
          "stale file handle",
          "too many open files");

  private SystemErrors() {}

  /** The one that {@code text} has somewhere. */
  static Optional<String> in(String text) {
    String lower = text.toLowerCase(Locale.ROOT);
    return KNOWN.stream().filter(lower::contains).findFirst();
  }
}
