package io.ringmaster.proxy.adoption;

import static io.ringmaster.proxy.adoption.Finding.note;
import static io.ringmaster.proxy.adoption.Finding.obstacle;
import static io.ringmaster.proxy.adoption.Finding.warning;

import io.ringmaster.cluster.replication.Marker;
import io.ringmaster.cluster.topology.NodeId;
import io.ringmaster.cluster.topology.Shard;
import io.ringmaster.proxy.health.Eligibility;
import io.ringmaster.proxy.health.Fencing;
import io.ringmaster.proxy.health.Versions;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Whether servers can be taken over, and what becomes otherwise than before. */
final class Inspection {

  private static final String OLDEST = "6.2.0";

  private final Origin origin;
  private final List<ServerReport> reports;
  private final int databases;
  private final Eligibility eligibility;
  private final List<Finding> findings = new ArrayList<>();

  /**
   * Creates the inspection of one shard.
   *
   * @param origin where the servers were found
   * @param reports of all of them, the master first
   * @param databases how many the proxy lets clients use
   * @param marker of the shard that they become
   * @param allowsUntested whether versions may be used that were never tried
   */
  Inspection(
      Origin origin,
      List<ServerReport> reports,
      int databases,
      Marker marker,
      boolean allowsUntested) {
    this.origin = origin;
    this.reports = List.copyOf(reports);
    this.databases = databases;
    Shard shard = shard();
    this.eligibility =
        new Eligibility(() -> Optional.of(shard), allowsUntested, Fencing.USERS, marker, databases);
  }

  private Shard shard() {
    NodeId[] replicas = reports.stream().skip(1).map(ServerReport::node).toArray(NodeId[]::new);
    return Shard.of("s1", origin.master(), replicas);
  }

  /** Returns all findings, obstacles first. */
  List<Finding> findings() {
    reports.forEach(this::inspectServer);
    ServerReport master = reports.getFirst();
    inspectReplication(master);
    inspectWatch(master);
    inspectData(master);
    new Usage(master).report(findings);
    findings.sort((one, other) -> one.weight().compareTo(other.weight()));
    return List.copyOf(findings);
  }

  private void inspectServer(ServerReport server) {
    String node = server.node() + ": ";
    if (Versions.isOlder(server.field("redis_version"), OLDEST)) {
      findings.add(obstacle(node + "it is older than Redis " + OLDEST));
    }
    if (server.field("cluster_enabled").equals("1")) {
      findings.add(obstacle(node + "it is part of a Redis Cluster"));
    }
    if (server.field("loading").equals("1")) {
      findings.add(obstacle(node + "it is loading its data"));
    }
    server.refusals().forEach(refusal -> findings.add(obstacle(node + refusal)));
    String unfit = eligibility.reason(server.facts(), server.leads());
    if (!unfit.isEmpty()) {
      findings.add(obstacle(node + unfit));
    }
    String unwise = eligibility.warning(server.facts(), server.leads());
    if (!unwise.isEmpty()) {
      findings.add(warning(node + unwise));
    }
    if (!server.modules().isEmpty()) {
      findings.add(
          warning(
              node
                  + "it has modules, whose commands are refused: "
                  + String.join(", ", server.modules())));
    }
    if (server.libraries() > 0) {
      findings.add(warning(node + "it has functions, which cannot be called (FCALL)"));
    }
    inspectUsers(server);
  }

  private void inspectUsers(ServerReport server) {
    for (String line : server.users()) {
      String name = line.split(" ", 3)[1];
      if (name.startsWith("rp-")) {
        findings.add(obstacle(server.node() + ": a Ringmaster uses it already, as " + name));
        return;
      }
      if (line.contains("(")) {
        findings.add(
            obstacle(
                "%s: user %s has selectors, so that its writes could not be shut out"
                    .formatted(server.node(), name)));
      }
    }
  }

  private void inspectReplication(ServerReport master) {
    if (!master.field("role").equals("master")) {
      findings.add(obstacle(master.node() + ": it is no master"));
    }
    if (master.feedsTool()) {
      findings.add(obstacle(master.node() + ": a tool replicates it, which is no server"));
    }
    for (ServerReport.Attached replica : master.attached()) {
      if (!replica.online()) {
        findings.add(obstacle(replica.node() + ": it is not in sync with " + master.node()));
      }
    }
    reports.stream().skip(1).forEach(replica -> inspectReplica(replica, master));
    int replicas = reports.size() - 1;
    if (replicas == 0) {
      findings.add(note("without replicas a write is on one server when it is acknowledged"));
    }
  }

  private void inspectReplica(ServerReport replica, ServerReport master) {
    String node = replica.node() + ": ";
    if (!replica.field("master_link_status").equals("up")) {
      findings.add(obstacle(node + "its link to the master is not up"));
    } else if (!replica.field("master_replid").equals(master.field("master_replid"))) {
      findings.add(obstacle(node + "it replicates another master than " + master.node()));
    }
    if (!replica.attached().isEmpty()) {
      findings.add(
          note(node + "others replicate it; they stay attached until it leads, and then are not"));
    }
  }

  private void inspectWatch(ServerReport master) {
    long connected = master.sentinels();
    if (origin.watch().isEmpty()) {
      if (connected > 0) {
        findings.add(
            obstacle(
                "%s: %d Sentinels watch it; name one of them with --from"
                    .formatted(master.node(), connected)));
      }
      return;
    }
    Watch watch = origin.watch().get();
    if (!watch.flags().equals("master")) {
      findings.add(
          obstacle(master.node() + ": its Sentinels find it " + watch.flags().replace(',', ' ')));
    }
    if (connected > watch.sentinels().size()) {
      findings.add(
          obstacle(
              "%s: %d Sentinels watch it, but only these are known: %s"
                  .formatted(master.node(), connected, watch.sentinels())));
    }
    Set<NodeId> attached = new HashSet<>();
    master.attached().forEach(replica -> attached.add(replica.node()));
    for (NodeId replica : watch.replicas()) {
      if (!attached.contains(replica)) {
        findings.add(
            obstacle(
                "%s: Sentinels know it as a replica, and it does not follow; start it, or forget it:"
                        .formatted(replica)
                    + " SENTINEL RESET "
                    + watch.master()));
      }
    }
  }

  private void inspectData(ServerReport master) {
    for (String key : master.reservedKeys()) {
      findings.add(
          obstacle(
              "key \"%s\" is reserved, as it begins with the byte 1"
                  .formatted(key.replace("\u0001", "\\x01"))));
    }
    for (String field : master.info().keySet()) {
      if (field.matches("db[1-9]\\d*")) {
        inspectDatabase(Integer.parseInt(field.substring(2)), master.field(field));
      }
    }
    if (master.parameter("databases").matches("\\d{1,9}")
        && Integer.parseInt(master.parameter("databases")) < databases) {
      findings.add(
          obstacle("it has fewer databases than backend.databases, which is " + databases));
    }
  }

  private void inspectDatabase(int number, String content) {
    if (number >= databases) {
      findings.add(
          obstacle(
              "database %d holds data (%s) that nobody could reach: backend.databases is %d"
                  .formatted(number, content, databases)));
    } else {
      findings.add(
          note(
              "database %d (%s) is reached by SELECT as before, but keys cannot be moved between databases"
                  .formatted(number, content)));
    }
  }
}
