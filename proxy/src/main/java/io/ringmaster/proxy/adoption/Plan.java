package io.ringmaster.proxy.adoption;

import io.ringmaster.cluster.topology.NodeId;
import io.ringmaster.proxy.adoption.Finding.Weight;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * Which servers are to be taken over, and how.
 *
 * @param origin where they were found
 * @param reports what they tell, the master first
 * @param findings what the operator should know
 */
public record Plan(Origin origin, List<ServerReport> reports, List<Finding> findings) {

  public Plan {
    reports = List.copyOf(reports);
    findings = List.copyOf(findings);
  }

  /** Whether nothing is in the way. */
  public boolean isPossible() {
    return findings.stream().noneMatch(finding -> finding.weight() == Weight.OBSTACLE);
  }

  List<NodeId> servers() {
    return reports.stream().map(ServerReport::node).toList();
  }

  ServerReport master() {
    return reports.getFirst();
  }

  /** Returns the plan as a text for the operator. */
  public String text() {
    StringBuilder text = new StringBuilder();
    text.append("servers\n");
    reports.forEach(report -> text.append("  ").append(describe(report)).append('\n'));
    if (!findings.isEmpty()) {
      text.append("findings\n");
      findings.forEach(finding -> text.append("  ").append(finding).append('\n'));
    }
    text.append("configuration of each coordinator, beside its own id, dir and secret\n");
    text.append(configuration().indent(2));
    text.append("steps\n");
    int number = 1;
    for (String step : steps()) {
      text.append("  ").append(number++).append(". ").append(step).append('\n');
    }
    return text.toString();
  }

  private static String describe(ServerReport report) {
    String keys =
        report.info().entrySet().stream()
            .filter(field -> field.getKey().matches("db\\d+"))
            .sorted(Map.Entry.comparingByKey())
            .map(field -> field.getKey() + " " + field.getValue().split(",", 2)[0])
            .collect(Collectors.joining(", "));
    return "%s %s, version %s, %s"
        .formatted(
            report.leads() ? "leader " : "replica",
            report.node(),
            report.field("redis_version"),
            keys.isEmpty() ? "empty" : keys);
  }

  /** Returns the configuration in HOCON. */
  private String configuration() {
    List<NodeId> servers = servers();
    String replicas =
        servers.stream().skip(1).map(node -> "\"" + node + "\"").collect(Collectors.joining(", "));
    return """
        shards = [{ id = "s1", leader = "%s", replicas = [%s] }]
        coordinator.adopt = false
        """
        .formatted(servers.getFirst(), replicas);
  }

  private List<String> steps() {
    String forgotten = origin.watch().map(Plan::forget).orElse("");
    String started =
        "You start the coordinators with this. They leave the servers alone, and refuse clients.";
    String adopted =
        "CLUSTER.ADOPT: the servers are cut off, the leader stays the leader, nothing is copied. Until"
            + " it serves, for less than a second, all writes are refused.";
    String direct =
        "From then on the leader takes writes from Ringmaster only: whoever is connected to a server"
            + " directly can read there, but gets -NOPERM for writes. A server that is restarted"
            + " knows its own users again, until it follows: give them other passwords, once all"
            + " clients have moved.";
    return forgotten.isEmpty()
        ? List.of(started, adopted, direct)
        : List.of(started, forgotten, adopted, direct);
  }

  private static String forget(Watch watch) {
    return "SENTINEL REMOVE %s at %s: until the last step nobody replaces the master if it fails, and clients that ask Sentinels are not told any master."
        .formatted(
            watch.master(),
            watch.sentinels().stream().map(NodeId::toString).collect(Collectors.joining(", ")));
  }
}
