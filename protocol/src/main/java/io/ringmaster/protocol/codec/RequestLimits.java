package io.ringmaster.protocol.codec;

/**
 * The limits of a request's size.
 *
 * @param maxArguments how many arguments
 * @param maxBulkBytes bytes of one argument
 * @param maxRequestBytes bytes of the whole frame
 * @param maxInlineBytes bytes of an inline command; 0 refuses inline commands
 * @param unauthenticated whether they hold before authentication, which errors then tell
 */
public record RequestLimits(
    int maxArguments,
    int maxBulkBytes,
    int maxRequestBytes,
    int maxInlineBytes,
    boolean unauthenticated) {

  /** Redis' own limits, and a frame of 1 GiB. */
  public static final RequestLimits DEFAULT =
      new RequestLimits(1024 * 1024, 512 * 1024 * 1024, 1024 * 1024 * 1024, 64 * 1024, false);

  String excess(String what) {
    return (unauthenticated ? "unauthenticated " : "invalid ") + what;
  }
}
