package io.ringmaster.protocol;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

/**
 * A request that does not come from a client but from the cluster's own logic. Immutable, so it may
 * be sent again and again.
 */
public final class OwnRequest implements Request {

  private final List<byte[]> words;
  private final boolean readOnly;

  private OwnRequest(List<byte[]> words, boolean readOnly) {
    this.words = words;
    this.readOnly = readOnly;
  }

  /** Returns a request that may change something. */
  public static OwnRequest writing(String... words) {
    return new OwnRequest(encoded(words), false);
  }

  /** Returns a request that changes nothing. */
  public static OwnRequest reading(String... words) {
    return new OwnRequest(encoded(words), true);
  }

  private static List<byte[]> encoded(String... words) {
    return Arrays.stream(words).map(word -> word.getBytes(StandardCharsets.UTF_8)).toList();
  }

  @Override
  public int count() {
    return words.size();
  }

  @Override
  public int length(int index) {
    return words.get(index).length;
  }

  @Override
  public byte[] bytes(int index) {
    return words.get(index).clone();
  }

  @Override
  public boolean isReadOnly() {
    return readOnly;
  }

  @Override
  public OwnRequest detached() {
    return this;
  }

  @Override
  public String toString() {
    return words.stream()
        .map(word -> new String(word, StandardCharsets.ISO_8859_1))
        .collect(Collectors.joining(" "));
  }
}
