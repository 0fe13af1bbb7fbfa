package io.ringmaster.proxy.local;

import io.ringmaster.protocol.Arguments;
import io.ringmaster.protocol.codec.RequestFrame;
import io.ringmaster.protocol.command.CommandSpec;
import io.ringmaster.proxy.dispatch.CommandHandler;
import io.ringmaster.proxy.dispatch.Route;
import io.ringmaster.proxy.dispatch.Router;
import io.ringmaster.proxy.frontend.ClientConnection;
import io.ringmaster.proxy.frontend.Frontends;
import io.ringmaster.proxy.frontend.PendingReply;
import java.lang.management.ManagementFactory;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * INFO and ROLE: what the servers say, added up, with this proxy's own facts in place of theirs.
 */
public final class ServerCommands {

  private final Router router;
  private final Frontends frontends;
  private final ServerFacts facts;

  public ServerCommands(Router router, Frontends frontends, ServerFacts facts) {
    this.router = router;
    this.frontends = frontends;
    this.facts = facts;
  }

  /** The handlers by command. */
  public Map<String, CommandHandler> handlers() {
    Map<String, CommandHandler> handlers = new HashMap<>();
    handlers.put("info", this::info);
    handlers.put(
        "role",
        LocalHandler.of(
            (client, request, reply) -> reply.array(3).bulk("master").integer(0).array(0)));
    return handlers;
  }

  private void info(
      ClientConnection client, CommandSpec command, RequestFrame request, Route route) {
    PendingReply place = client.open(request.frameLength(), true);
    EachLeader.ask(
        place,
        router,
        answers ->
            frontends.ask(
                place,
                frontend -> frontend.clients().size(),
                counts -> {
                  int clients = counts.stream().mapToInt(Integer::intValue).sum();
                  String text = infoText(answers, clients, client.frontend().databases());
                  place.settleWith(reply -> reply.verbatim(text));
                }),
        words(request));
  }

  private static String[] words(Arguments request) {
    String[] words = new String[request.count()];
    for (int i = 0; i < words.length; i++) {
      words[i] = Words.text(request, i);
    }
    return words;
  }

  private String infoText(List<byte[]> answers, int clients, int databases) {
    Map<String, Map<String, String>> sections =
        InfoText.merge(answers.stream().map(InfoText::parse).toList());
    InfoText.keepDatabases(sections, databases);
    if (answers.isEmpty()) {
      for (String section : List.of("Server", "Clients", "Persistence", "Replication", "Cluster")) {
        sections.put(section, new LinkedHashMap<>());
      }
    }
    own(clients)
        .forEach(
            (section, fields) -> {
              Map<String, String> known = sections.get(section);
              if (known != null) {
                known.putAll(fields);
              }
            });
    return InfoText.print(sections);
  }

  private Map<String, Map<String, String>> own(int clients) {
    long uptime = facts.uptimeSeconds();
    Map<String, String> server = new LinkedHashMap<>();
    server.put("redis_version", facts.announcedVersion());
    server.put("redis_mode", "standalone");
    server.put("process_id", Long.toString(ProcessHandle.current().pid()));
    server.put("run_id", facts.runId());
    server.put("tcp_port", Integer.toString(facts.port()));
    server.put("uptime_in_seconds", Long.toString(uptime));
    server.put("uptime_in_days", Long.toString(uptime / 86400));
    server.put("executable", "ringmaster");
    server.put("config_file", "");
    server.put("ringmaster_version", facts.version());
    server.put("jvm", ManagementFactory.getRuntimeMXBean().getVmVersion());
    Map<String, Map<String, String>> own = new HashMap<>();
    own.put("Server", server);
    own.put(
        "Clients",
        Map.of(
            "connected_clients", Integer.toString(clients),
            "maxclients", Integer.toString(facts.maxClients())));
    own.put("Persistence", Map.of("loading", "0"));
    own.put("Replication", Map.of("role", "master"));
    own.put("Cluster", Map.of("cluster_enabled", "0"));
    return own;
  }
}
