package io.ringmaster.cluster.control;

import io.ringmaster.cluster.topology.Shard;
import io.ringmaster.protocol.OwnRequest;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * The users of a shard's servers, made anew for each epoch and saved nowhere: who comes with those
 * of an earlier epoch is refused, and a server that was restarted knows none of them. Deleting a
 * user ends its connections in the same step. The passwords follow from a secret that all
 * coordinators share.
 */
public final class EpochUsers {

  private static final String PREFIX = "rp-";
  private static final String ADMINISTRATOR = PREFIX + "adm-";
  private static final Pattern TERM =
      Pattern.compile(ADMINISTRATOR + "(?:(\\d{1,18})-)?(\\d{1,18})");

  private static final String ALGORITHM = "HmacSHA256";

  // No user can be called so.
  private static final String FINGERPRINT = "fingerprint of the secret";
  private static final int FINGERPRINT_DIGITS = 8;

  private final SecretKeySpec secret;

  /** The purpose of a user. */
  public enum Role {
    /** Commands of clients. */
    DATA,
    /** Barriers, on internal keys and channels. */
    INTERNAL,
    /** The replication link. */
    REPLICA
  }

  /** Name and password of a user. */
  public record Login(String user, String password) {

    @Override
    public String toString() {
      return user;
    }
  }

  /** {@code secret}: not empty, the same on all coordinators. */
  public EpochUsers(String secret) {
    this.secret = new SecretKeySpec(secret.getBytes(StandardCharsets.UTF_8), ALGORITHM);
  }

  /**
   * Tells two secrets apart; empty for one that is empty. A secret that can be guessed can be tried
   * against it, one that is long and random cannot be found by it.
   */
  public static String fingerprint(String secret) {
    return secret.isEmpty()
        ? ""
        : new EpochUsers(secret).login(FINGERPRINT).password().substring(0, FINGERPRINT_DIGITS);
  }

  /** The user of {@code role} in the shard's present epoch. */
  public Login login(Shard shard, Role role) {
    return login(name(shard, role));
  }

  private static String name(Shard shard, Role role) {
    return PREFIX + shard.id() + "-" + shard.epoch() + "-" + lower(role);
  }

  /** The administrator of a term of the config group. */
  Login administrator(Term term) {
    return login(ADMINISTRATOR + term);
  }

  private Login login(String user) {
    try {
      Mac mac = Mac.getInstance(ALGORITHM);
      mac.init(secret);
      byte[] password = mac.doFinal(user.getBytes(StandardCharsets.UTF_8));
      return new Login(user, HexFormat.of().formatHex(password));
    } catch (GeneralSecurityException missing) {
      throw new IllegalStateException("every Java has " + ALGORITHM, missing);
    }
  }

  /** The term of an administrator; {@link Term#NONE} for other users. */
  static Term termOf(String user) {
    Matcher administrator = TERM.matcher(user);
    if (!administrator.matches()) {
      return Term.NONE;
    }
    String generation = administrator.group(1);
    return new Term(
        generation == null ? 0 : Long.parseLong(generation),
        Long.parseLong(administrator.group(2)));
  }

  /** Whether {@code user} is one of the shard's, of any epoch. */
  static boolean isOf(String user, String shard) {
    return user.matches("rp-" + Pattern.quote(shard) + "-\\d+-(data|internal|replica)");
  }

  /** Makes the administrator of a term, who may do everything. */
  OwnRequest createAdministrator(Term term) {
    return create(administrator(term), "~*", "&*", "+@all");
  }

  /** Makes the users of the shard's present epoch. */
  List<OwnRequest> create(Shard shard) {
    return List.of(
        create(
            login(shard, Role.DATA), words("~*", "&*", "+@all", "-@admin", "-flushall", "-swapdb")),
        create(login(shard, Role.INTERNAL), words("~\u0001*", "&\u0001*", "+@all", "-@admin")),
        create(login(shard, Role.REPLICA), "+psync", "+replconf", "+ping"));
  }

  /** Whether the users of the shard's present epoch are all in {@code users}. */
  boolean areIn(List<String> users, Shard shard) {
    return Stream.of(Role.values()).allMatch(role -> users.contains(name(shard, role)));
  }

  /** Deletes those of {@code users} that are the shard's, of any epoch; empty if there are none. */
  Optional<OwnRequest> deleteAllOf(Shard shard, List<String> users) {
    return delete(users.stream().filter(user -> isOf(user, shard.id())).toList());
  }

  /** The same, but for those of the present epoch. */
  Optional<OwnRequest> deleteOthersOf(Shard shard, List<String> users) {
    String present = "rp-" + shard.id() + "-" + shard.epoch() + "-";
    return delete(
        users.stream()
            .filter(user -> isOf(user, shard.id()) && !user.startsWith(present))
            .toList());
  }

  /**
   * Lets nobody replicate or write but users of epochs. A server that was restarted, and whose file
   * says whom to follow, would come as one of the others, and acknowledge what no epoch has asked
   * it for. What others write, no barrier covers: it would be lost with the leader.
   */
  List<OwnRequest> shutOthersOut(List<String> users) {
    return users.stream()
        .filter(user -> !user.startsWith(PREFIX))
        .map(user -> OwnRequest.writing("ACL", "SETUSER", user, "-psync", "-sync", "-@write"))
        .toList();
  }

  /** Deletes the administrators of earlier terms; empty if there are none. */
  Optional<OwnRequest> deleteBefore(Term term, List<String> users) {
    return delete(
        users.stream()
            .filter(user -> termOf(user).leads() && termOf(user).compareTo(term) < 0)
            .toList());
  }

  private static Optional<OwnRequest> delete(List<String> users) {
    List<String> words = new ArrayList<>(List.of("ACL", "DELUSER"));
    words.addAll(users);
    return users.isEmpty()
        ? Optional.empty()
        : Optional.of(OwnRequest.writing(words.toArray(String[]::new)));
  }

  /** And what every connection of a proxy says when it begins. */
  private static String[] words(String... rights) {
    List<String> all = new ArrayList<>(List.of(rights));
    all.addAll(List.of("+client|id", "+client|kill", "+client|setname"));
    return all.toArray(String[]::new);
  }

  private static OwnRequest create(Login login, String... rights) {
    List<String> words = new ArrayList<>();
    words.addAll(List.of("ACL", "SETUSER", login.user(), "reset", "on", ">" + login.password()));
    // A server may give new users all channels by itself.
    words.add("resetchannels");
    words.addAll(List.of(rights));
    return OwnRequest.writing(words.toArray(String[]::new));
  }

  private static String lower(Role role) {
    return role.name().toLowerCase(Locale.ROOT);
  }
}
