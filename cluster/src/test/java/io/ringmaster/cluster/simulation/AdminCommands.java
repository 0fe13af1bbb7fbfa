package io.ringmaster.cluster.simulation;

import io.ringmaster.cluster.topology.NodeId;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** The commands of administrators that simulated servers know, and what they set. */
final class AdminCommands {

  private static final Set<String> NAMES = Set.of("ACL", "CONFIG", "PING", "REPLICAOF");

  private final SimulatedServer server;
  private final Users users = new Users();
  private final Map<String, String> settings = new TreeMap<>();

  AdminCommands(SimulatedServer server, ServerConfiguration configuration) {
    this.server = server;
    settings.put("replica-serve-stale-data", configuration.servesStale() ? "yes" : "no");
    settings.put("appendonly", "yes");
    settings.put("appendfsync", configuration.durable() ? "always" : "everysec");
    settings.put("no-appendfsync-on-rewrite", "no");
    settings.put("masteruser", "");
    settings.put("masterauth", "");
  }

  static boolean concern(Words request) {
    return NAMES.contains(request.name());
  }

  Users users() {
    return users;
  }

  String setting(String name) {
    return settings.getOrDefault(name, "");
  }

  SimulatedReply run(Words request) {
    return switch (request.name()) {
      case "ACL" -> users(request);
      case "CONFIG" -> configure(request);
      case "PING" -> server.isLoading() ? SimulatedReply.LOADING : SimulatedReply.OK;
      default -> follow(request);
    };
  }

  private SimulatedReply users(Words request) {
    return switch (request.word(1)) {
      case "USERS" -> SimulatedReply.bulks(users.names());
      case "SETUSER" -> {
        setUser(request);
        yield SimulatedReply.OK;
      }
      default -> {
        request.words().subList(2, request.count()).forEach(server::deleteUser);
        yield SimulatedReply.number(request.count() - 2);
      }
    };
  }

  /** Either name reset on >password rights, or name -psync -sync -@write. */
  private void setUser(Words request) {
    if (request.word(3).equals("-psync")) {
      users.bar(request.word(2));
    } else {
      users.set(request.word(2), request.word(5).substring(1));
    }
  }

  private SimulatedReply configure(Words request) {
    if (request.word(1).equals("SET")) {
      settings.put(request.word(2), request.word(3));
      return SimulatedReply.OK;
    }
    List<String> found = new ArrayList<>();
    String pattern = request.word(2).replace("*", ".*");
    settings.forEach(
        (name, value) -> {
          if (name.matches(pattern)) {
            found.addAll(List.of(name, value));
          }
        });
    return SimulatedReply.bulks(found);
  }

  private SimulatedReply follow(Words request) {
    if (server.isLoading()) {
      return SimulatedReply.LOADING;
    }
    if (request.word(1).equals("NO")) {
      server.promote();
    } else {
      server.replicaOf(new NodeId(request.word(1), Integer.parseInt(request.word(2))));
    }
    return SimulatedReply.OK;
  }
}
