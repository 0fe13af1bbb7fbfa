package io.ringmaster.proxy.adoption;

import io.lettuce.core.RedisCommandExecutionException;
import io.lettuce.core.RedisException;
import io.ringmaster.cluster.replication.Marker;
import io.ringmaster.cluster.topology.NodeId;
import io.ringmaster.protocol.InfoFields;
import io.ringmaster.proxy.health.LettuceFailures;
import io.ringmaster.proxy.health.Versions;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Supplier;

/** Asks one server all that has to be known of it; changes nothing. */
final class Reporter {

  /** The commands that coordinators need, as examples. */
  private static final List<List<String>> RIGHTS =
      List.of(
          List.of("ACL", "SETUSER", "name"),
          List.of("CONFIG", "SET", "masteruser", "name"),
          List.of("CLIENT", "LIST"),
          List.of("REPLICAOF", "NO", "ONE"),
          List.of("INFO", "replication"),
          List.of("ROLE"),
          List.of("EVAL", "return 1", "1", Marker.KEY));

  private static final List<String> COMMANDS =
      List.of(
          "acl",
          "auth",
          "client",
          "config",
          "eval",
          "exec",
          "info",
          "multi",
          "ping",
          "psync",
          "replconf",
          "replicaof",
          "role",
          "select",
          "wait");

  private static final int ENOUGH_KEYS = 3;
  private static final String FIRST_WITH_DRY_RUN = "7.0.0";

  private final ServerLink link;
  private final boolean leads;
  private final List<String> refusals = new ArrayList<>();

  private Reporter(ServerLink link, boolean leads) {
    this.link = link;
    this.leads = leads;
  }

  /**
   * The server's report.
   *
   * @throws AdoptionException if it does not answer
   */
  static ServerReport report(ServerLinks links, NodeId node, Access access, boolean leads) {
    try (ServerLink link = links.open(node, access)) {
      return new Reporter(link, leads).report();
    } catch (RedisException e) {
      throw new AdoptionException(node + ": " + LettuceFailures.reason(e), e);
    }
  }

  private ServerReport report() {
    Map<String, String> info = new HashMap<>(InfoFields.parse(link.text("INFO")));
    info.putAll(InfoFields.parse(link.text("INFO", "commandstats")));
    Map<String, String> configuration = pairs(tried(() -> link.texts("CONFIG", "GET", "*")));
    List<String> users = tried(() -> link.texts("ACL", "LIST"));
    String clients = String.join("", tried(() -> link.texts("CLIENT", "LIST")));
    boolean old = Versions.isOlder(info.getOrDefault("redis_version", ""), FIRST_WITH_DRY_RUN);
    lookForRights(!old);
    return new ServerReport(
        link.node(),
        leads,
        info,
        configuration,
        clients,
        users,
        modules(),
        old ? 0 : tried(() -> link.texts("FUNCTION", "LIST")).size(),
        leads ? reservedKeys(info) : List.of(),
        refusals);
  }

  private List<String> tried(Supplier<List<String>> question) {
    try {
      return question.get();
    } catch (RedisCommandExecutionException refused) {
      refusals.add("" + refused.getMessage());
      return List.of();
    }
  }

  private void lookForRights(boolean canTry) {
    for (String name : COMMANDS) {
      if (!link.text("COMMAND", "INFO", name).contains(name)) {
        refusals.add("it has no command " + name);
      }
    }
    if (!canTry || !refusals.isEmpty()) {
      return;
    }
    String self = link.text("ACL", "WHOAMI");
    for (List<String> right : RIGHTS) {
      List<String> words = new ArrayList<>(List.of("ACL", "DRYRUN", self));
      words.addAll(right);
      String verdict = link.text(words.toArray(String[]::new));
      if (!verdict.equals("OK")) {
        refusals.add(verdict);
      }
    }
  }

  private List<String> modules() {
    try {
      return link.ask("MODULE", "LIST").stream().map(Reporter::nameOf).toList();
    } catch (RedisCommandExecutionException refused) {
      return List.of();
    }
  }

  /** Of {@code name x ver 1 …}. */
  private static String nameOf(Object module) {
    List<?> words = (List<?>) module;
    return Objects.toString(words.get(words.indexOf("name") + 1));
  }

  private List<String> reservedKeys(Map<String, String> info) {
    List<String> found = new ArrayList<>();
    for (String field : info.keySet()) {
      if (field.matches("db\\d+")) {
        link.text("SELECT", field.substring(2));
        scan(found);
      }
    }
    return found;
  }

  private void scan(List<String> found) {
    String cursor = "0";
    do {
      List<Object> page = link.ask("SCAN", cursor, "MATCH", Marker.RESERVED + "*", "COUNT", "1000");
      cursor = page.getFirst().toString();
      ((List<?>) page.get(1)).forEach(key -> found.add(key.toString()));
    } while (!cursor.equals("0") && found.size() < ENOUGH_KEYS);
  }

  private static Map<String, String> pairs(List<String> words) {
    Map<String, String> pairs = new HashMap<>();
    for (int i = 0; i + 1 < words.size(); i += 2) {
      pairs.put(words.get(i), words.get(i + 1));
    }
    return pairs;
  }
}
