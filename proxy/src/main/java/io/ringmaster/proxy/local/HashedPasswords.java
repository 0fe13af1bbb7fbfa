package io.ringmaster.proxy.local;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** Users and the SHA-256 digests of their passwords, as the configuration holds them. */
public final class HashedPasswords implements Authenticator {

  private final Map<String, List<byte[]>> digests;
  private final List<byte[]> noOne = List.of(new byte[32]);

  /**
   * Users and the digests of their passwords in hexadecimal digits. No users: nobody has to
   * authenticate.
   */
  public HashedPasswords(Map<String, List<String>> users) {
    this.digests =
        users.entrySet().stream()
            .collect(
                Collectors.toUnmodifiableMap(
                    Map.Entry::getKey,
                    user -> user.getValue().stream().map(HexFormat.of()::parseHex).toList()));
  }

  @Override
  public boolean isNeeded() {
    return !digests.isEmpty();
  }

  @Override
  public boolean accepts(String user, byte[] password) {
    byte[] given = sha256(password);
    boolean accepted = false;
    for (byte[] digest : digests.getOrDefault(user, noOne)) {
      accepted |= MessageDigest.isEqual(digest, given);
    }
    return accepted && digests.containsKey(user);
  }

  private static byte[] sha256(byte[] bytes) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(bytes);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }
}
