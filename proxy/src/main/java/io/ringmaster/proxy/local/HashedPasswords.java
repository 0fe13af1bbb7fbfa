package io.ringmaster.proxy.local;

import io.ringmaster.proxy.frontend.User;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** Users and the SHA-256 digests of their passwords, as the configuration holds them. */
public final class HashedPasswords implements Authenticator {

  private record Known(User user, List<byte[]> digests) {}

  private static final Known NOBODY = new Known(User.UNKNOWN, List.of(new byte[32]));

  private final Map<String, Known> users;

  /**
   * Users and the digests of their passwords in hexadecimal digits. No users: nobody has to log in.
   */
  public HashedPasswords(Map<User, List<String>> users) {
    this.users =
        users.entrySet().stream()
            .map(entry -> new Known(entry.getKey(), parse(entry.getValue())))
            .collect(Collectors.toUnmodifiableMap(known -> known.user().name(), known -> known));
  }

  private static List<byte[]> parse(List<String> digests) {
    return digests.stream().map(HexFormat.of()::parseHex).toList();
  }

  @Override
  public boolean isNeeded() {
    return !users.isEmpty();
  }

  @Override
  public Optional<User> logIn(String name, byte[] password) {
    if (!isNeeded()) {
      return Optional.of(User.UNRESTRICTED).filter(user -> user.name().equals(name));
    }
    byte[] given = sha256(password);
    Known known = users.getOrDefault(name, NOBODY);
    boolean accepted = false;
    for (byte[] digest : known.digests()) {
      accepted |= MessageDigest.isEqual(digest, given);
    }
    return accepted && users.containsKey(name) ? Optional.of(known.user()) : Optional.empty();
  }

  private static byte[] sha256(byte[] bytes) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(bytes);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }
}
