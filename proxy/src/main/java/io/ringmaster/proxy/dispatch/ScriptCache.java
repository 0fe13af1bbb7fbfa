package io.ringmaster.proxy.dispatch;

import io.ringmaster.protocol.Reply;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The scripts that clients have sent, by SCRIPT LOAD or EVAL, so that one can be loaded into a
 * server that does not know it: a promoted or restarted one, or one that was added. Bounded in
 * bytes; the script used least recently goes first. Any thread.
 */
public final class ScriptCache {

  // Digest, entry and headers: what a short script costs beside its text.
  private static final int ENTRY_BYTES = 256;

  private static final Pattern NO_SCRIPT =
      Pattern.compile(
          "ERR (Error compiling|Invalid script shebang|Unexpected (flag|engine) in script shebang"
              + "|Unknown lua shebang option)");

  private final long maxBytes;
  private final Map<String, byte[]> bodies = new LinkedHashMap<>(16, 0.75f, true);
  private final AtomicLong evaluations = new AtomicLong();
  private final AtomicLong flushes = new AtomicLong();
  private long bytes;
  private volatile long generation;

  public ScriptCache(long maxBytes) {
    this.maxBytes = maxBytes;
  }

  /** A client sends it by EVAL; returns whether it was not there yet. */
  boolean evaluated(byte[] body) {
    evaluations.incrementAndGet();
    return add(body);
  }

  /** How often clients have sent one by EVAL. */
  long evaluations() {
    return evaluations.get();
  }

  /** Returns whether it was not there yet. */
  boolean add(byte[] body) {
    return size(body) <= maxBytes && add(digest(body), body);
  }

  private synchronized boolean add(String digest, byte[] body) {
    if (bodies.put(digest, body) != null) {
      return false;
    }
    bytes += size(body);
    var oldest = bodies.values().iterator();
    while (bytes > maxBytes) {
      bytes -= size(oldest.next());
      oldest.remove();
    }
    return true;
  }

  /** The script with this SHA-1, in hexadecimal digits of either case. */
  byte @Nullable [] find(byte[] digest) {
    return find(new String(digest, StandardCharsets.ISO_8859_1).toLowerCase(Locale.ROOT));
  }

  /** Whether it has the script with this SHA-1, in lower case. */
  boolean has(String digest) {
    return find(digest) != null;
  }

  private synchronized byte @Nullable [] find(String digest) {
    return bodies.get(digest);
  }

  /**
   * A server has answered to {@code body}; what it cannot compile is dropped, as it is no script.
   */
  void answered(byte[] body, Reply reply) {
    if (reply.type() == '-' && NO_SCRIPT.matcher(reply.firstLine()).lookingAt()) {
      remove(digest(body));
    }
  }

  private synchronized void remove(String digest) {
    byte[] body = bodies.remove(digest);
    if (body != null) {
      bytes -= size(body);
    }
  }

  /** Grows each time that all scripts are dropped. */
  long generation() {
    return generation;
  }

  /**
   * Grows when servers may have dropped what was loaded into them: once a flush begins, and again
   * once all have answered it, as what is loaded meanwhile may come before or after it.
   */
  long flushes() {
    return flushes.get();
  }

  /** All servers that a flush was sent to have answered it. */
  void flushed() {
    flushes.incrementAndGet();
  }

  /** A flush begins. */
  synchronized void clear() {
    generation++;
    flushes.incrementAndGet();
    bodies.clear();
    bytes = 0;
  }

  private static long size(byte[] body) {
    return body.length + (long) ENTRY_BYTES;
  }

  private static String digest(byte[] body) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-1").digest(body));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-1", e);
    }
  }
}
