package io.ringmaster.proxy.adoption;

import static io.ringmaster.proxy.adoption.Finding.note;
import static io.ringmaster.proxy.adoption.Finding.warning;

import io.ringmaster.protocol.command.CommandSpec;
import io.ringmaster.protocol.command.CommandTable;
import io.ringmaster.protocol.command.Treatment;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The uses that clients make of a master, and could not make any more.
 *
 * @param master its report
 */
record Usage(ServerReport master) {

  private static final String STATISTICS = "cmdstat_";
  private static final Pattern CLIENT = Pattern.compile("(?m)^id=.* name=(\\S*) .*\\buser=(\\S+)");
  private static final Set<Treatment> UNUSABLE = EnumSet.of(Treatment.REFUSED, Treatment.DEDICATED);

  /** Of no client that would come to the proxy, but of replicas, Sentinels and operators. */
  private static final Set<String> OTHERS =
      Set.of(
          "acl",
          "config",
          "debug",
          "function",
          "latency",
          "module",
          "monitor",
          "psync",
          "publish",
          "replconf",
          "replicaof",
          "slaveof",
          "slowlog",
          "subscribe",
          "sync");

  void report(List<Finding> findings) {
    if (!unusable().isEmpty()) {
      findings.add(
          warning("commands that were used and are refused: " + String.join(", ", unusable())));
    }
    clients()
        .forEach(
            (user, count) ->
                findings.add(
                    note(
                        "%d clients are connected as user %s: they can go on reading, their writes are refused"
                            .formatted(count, user))));
  }

  private List<String> unusable() {
    CommandTable table = CommandTable.load();
    return master.info().keySet().stream()
        .filter(field -> field.startsWith(STATISTICS))
        .map(field -> field.substring(STATISTICS.length()))
        .filter(name -> !OTHERS.contains(name.split("\\|", 2)[0]))
        .filter(
            name -> {
              CommandSpec spec = table.find(name);
              return spec == null || UNUSABLE.contains(spec.treatment());
            })
        .sorted()
        .toList();
  }

  /** Returns the number of clients of each user, but for replicas, Sentinels and probes. */
  private Map<String, Long> clients() {
    Map<String, Long> clients = new TreeMap<>();
    Matcher each = CLIENT.matcher(master.clients());
    while (each.find()) {
      String line = each.group();
      boolean other = each.group(1).startsWith("sentinel-") || each.group(1).equals("ringmaster");
      if (!other && !line.contains(" flags=S ") && !line.contains(" cmd=client")) {
        clients.merge(each.group(2), 1L, Long::sum);
      }
    }
    return clients;
  }
}
