package io.ringmaster.protocol.command;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The description of one command or subcommand. Immutable; there is one object per row of the
 * table, so that it may be compared by identity.
 */
public final class CommandSpec {

  private static final Set<String> LEADERS_OWN =
      Set.of("scan", "hscan", "sscan", "zscan", "kv.version");

  private final CommandRow row;
  private final int id;
  private final @Nullable CommandSpec parent;
  private final List<CommandSpec> subcommands;
  private final byte[] ownName;
  private final int arity;
  private final boolean write;
  private final boolean readOnly;
  private final boolean singleKeyAtOne;
  private final boolean leadersOwn;
  private final KeyRule keyRule;
  private final boolean readsByPattern;
  private final RequestPolicy requestPolicy;
  private final ResponsePolicy responsePolicy;
  private final Treatment treatment;
  private final Set<CommandFlag> flags;

  /** A top-level command; its subcommands get the ids that follow its own. */
  CommandSpec(int id, CommandRow row, List<CommandRow> subcommandRows) {
    this(id, row, null, subcommandRows);
  }

  private CommandSpec(
      int id, CommandRow row, @Nullable CommandSpec parent, List<CommandRow> subcommandRows) {
    this.row = row;
    this.id = id;
    this.parent = parent;
    String name = row.name();
    this.ownName =
        name.substring(name.indexOf('|') + 1)
            .toUpperCase(Locale.ROOT)
            .getBytes(StandardCharsets.US_ASCII);
    this.arity = row.arity();
    this.write = row.flags().contains(CommandFlag.WRITE);
    this.readOnly = row.flags().contains(CommandFlag.READONLY);
    this.keyRule = KeyRule.of(row.keySpecs());
    this.singleKeyAtOne = isSingleKeyAtOne(row, keyRule);
    this.leadersOwn = LEADERS_OWN.contains(name);
    this.readsByPattern =
        row.keySpecs().stream().anyMatch(keys -> keys.begin() instanceof KeySpec.Unknown);
    this.requestPolicy = RequestPolicy.valueOf(policy(row.tips(), "request_policy:"));
    this.responsePolicy = ResponsePolicy.valueOf(policy(row.tips(), "response_policy:"));
    this.treatment = row.treatment();
    this.flags = Collections.unmodifiableSet(row.flags());
    List<CommandSpec> children = new ArrayList<>();
    for (CommandRow child : subcommandRows) {
      children.add(new CommandSpec(id + 1 + children.size(), child, this, List.of()));
    }
    this.subcommands = List.copyOf(children);
  }

  private static boolean isSingleKeyAtOne(CommandRow row, KeyRule rule) {
    boolean simple = rule == KeyRule.SPECS || rule == KeyRule.FIRST;
    return simple && row.legacyKeys().equals(List.of(1, 1, 1));
  }

  /** Its name in lower case; of a subcommand as in {@code config|get}. */
  public String name() {
    return row.name();
  }

  /** Its place in {@link CommandTable#all()}: dense, from 0. */
  public int id() {
    return id;
  }

  /**
   * Returns the number of arguments, names included; the least number, negated, if it takes more.
   */
  public int arity() {
    return arity;
  }

  /** Whether {@code count} arguments, names included, are neither too few nor too many. */
  public boolean arityAccepts(int count) {
    return arity >= 0 ? count == arity : count >= -arity;
  }

  public Set<CommandFlag> flags() {
    return flags;
  }

  /** Returns the rank that a client needs to send this command. */
  public Access access() {
    if (flags.contains(CommandFlag.NO_AUTH)) {
      return Access.ANYBODY;
    }
    return flags.contains(CommandFlag.ADMIN) ? Access.ADMINISTRATOR : Access.USER;
  }

  /** Whether it is flagged as one that may change data. Scripts carry neither flag. */
  public boolean isWrite() {
    return write;
  }

  /** Whether it is flagged as one that changes no data. Scripts carry neither flag. */
  public boolean isReadOnly() {
    return readOnly;
  }

  public boolean hasSubcommands() {
    return !subcommands.isEmpty();
  }

  public List<CommandSpec> subcommands() {
    return subcommands;
  }

  /** The subcommand of that name, in upper or lower case; null if there is none. */
  public @Nullable CommandSpec subcommand(byte[] name) {
    for (CommandSpec candidate : subcommands) {
      if (Ascii.equalsUpper(name, candidate.ownName)) {
        return candidate;
      }
    }
    return null;
  }

  /** The command that this is a subcommand of; null for a top-level one. */
  public @Nullable CommandSpec parent() {
    return parent;
  }

  /** Argument of the first key in the old, incomplete description; 0 if there is none. */
  public int firstKey() {
    return row.legacyKeys().get(0);
  }

  /** Argument of the last key in the old description; negative ones count from the end. */
  public int lastKey() {
    return row.legacyKeys().get(1);
  }

  /** Distance of two keys in the old description. */
  public int keyStep() {
    return row.legacyKeys().get(2);
  }

  /** Whether the keys' places depend on other arguments. */
  public boolean movableKeys() {
    return flags.contains(CommandFlag.MOVABLEKEYS);
  }

  public List<KeySpec> keySpecs() {
    return row.keySpecs();
  }

  /** Whether it has exactly one key, always, and that is argument 1. */
  public boolean singleKeyAtOne() {
    return singleKeyAtOne;
  }

  /** Whether it takes keys at all. */
  public boolean hasKeys() {
    return keyRule != KeyRule.NONE;
  }

  /**
   * Whether the leader of the shard is asked at every level of reads: a cursor means nothing to
   * another server, as each arranges its hash tables in its own way, and KV.VERSION tells where the
   * leader's marker stands.
   */
  public boolean isLeadersOwn() {
    return leadersOwn;
  }

  boolean readsByPattern() {
    return readsByPattern;
  }

  KeyRule keyRule() {
    return keyRule;
  }

  /** Hints for clients and proxies, as Redis prints them, the policies among them. */
  public List<String> tips() {
    return row.tips();
  }

  public RequestPolicy requestPolicy() {
    return requestPolicy;
  }

  public ResponsePolicy responsePolicy() {
    return responsePolicy;
  }

  private static String policy(List<String> tips, String prefix) {
    for (String tip : tips) {
      if (tip.startsWith(prefix)) {
        return tip.substring(prefix.length()).toUpperCase(Locale.ROOT);
      }
    }
    return "DEFAULT";
  }

  /** Access control categories with their {@code @}. */
  public List<String> aclCategories() {
    return row.aclCategories();
  }

  /** The version of Redis that brought it; empty for a command of our own. */
  public String since() {
    return row.since();
  }

  /** The chapter of Redis' documentation; {@code ringmaster} for a command of our own. */
  public String group() {
    return row.group();
  }

  public Treatment treatment() {
    return treatment;
  }

  /**
   * Returns the reason why this command is refused, or not served yet: a clause without code or
   * full stop. Also set for a routed command with a blocking form, and then holds for that form.
   * Else empty.
   */
  public String reason() {
    return row.reason();
  }

  @Override
  public String toString() {
    return name();
  }
}
