package io.ringmaster.proxy.adoption;

import io.ringmaster.cluster.topology.NodeId;
import io.ringmaster.proxy.health.Eligibility;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The report of a server about itself.
 *
 * @param node its address
 * @param leads whether it is the master
 * @param info its answers to {@code INFO} and {@code INFO commandstats}
 * @param configuration its answer to {@code CONFIG GET *}
 * @param clients its answer to {@code CLIENT LIST}
 * @param users its answer to {@code ACL LIST}
 * @param modules names of its modules
 * @param libraries how many libraries of functions it has
 * @param reservedKeys some of the keys whose names are reserved; looked for at the master only
 * @param refusals what it does not let the proxy do
 */
record ServerReport(
    NodeId node,
    boolean leads,
    Map<String, String> info,
    Map<String, String> configuration,
    String clients,
    List<String> users,
    List<String> modules,
    int libraries,
    List<String> reservedKeys,
    List<String> refusals) {

  private static final Pattern REPLICA = Pattern.compile("ip=([^,]+),port=(\\d+),state=(\\w+),.*");
  private static final Pattern SENTINEL = Pattern.compile("(?m)\\bname=sentinel-(\\w+)-cmd\\b");

  ServerReport {
    info = Map.copyOf(info);
    configuration = Map.copyOf(configuration);
    users = List.copyOf(users);
    modules = List.copyOf(modules);
    reservedKeys = List.copyOf(reservedKeys);
    refusals = List.copyOf(refusals);
  }

  /** A replica as its master sees it. */
  record Attached(NodeId node, boolean online) {}

  /** Returns the replicas that are attached to this server. */
  List<Attached> attached() {
    List<Attached> all = new ArrayList<>();
    for (int i = 0; info.containsKey("slave" + i); i++) {
      Matcher replica = REPLICA.matcher(field("slave" + i));
      if (replica.matches()) {
        int port = Integer.parseInt(replica.group(2));
        if (port > 0) {
          NodeId address = new NodeId(replica.group(1), port);
          all.add(new Attached(address, replica.group(3).equals("online")));
        }
      }
    }
    return all;
  }

  /** Whether somebody replicates it who is no server, such as {@code redis-cli --replica}. */
  boolean feedsTool() {
    return info.entrySet().stream()
        .anyMatch(
            field -> field.getKey().matches("slave\\d+") && field.getValue().contains(",port=0,"));
  }

  /** Returns the number of Sentinels that are connected to this server. */
  long sentinels() {
    return SENTINEL.matcher(clients).results().map(found -> found.group(1)).distinct().count();
  }

  String run() {
    return field("run_id");
  }

  String field(String name) {
    return info.getOrDefault(name, "");
  }

  String parameter(String name) {
    return configuration.getOrDefault(name, "");
  }

  /** Returns the facts as the probes see them; Sentinels are looked for elsewhere. */
  Eligibility.Facts facts() {
    return new Eligibility.Facts(info, configuration, "");
  }
}
