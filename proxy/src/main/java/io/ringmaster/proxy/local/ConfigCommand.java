package io.ringmaster.proxy.local;

import io.ringmaster.protocol.Arguments;
import io.ringmaster.protocol.codec.RequestFrame;
import io.ringmaster.protocol.command.CommandSpec;
import io.ringmaster.proxy.dispatch.CommandHandler;
import io.ringmaster.proxy.dispatch.Route;
import io.ringmaster.proxy.dispatch.Router;
import io.ringmaster.proxy.frontend.ClientConnection;
import io.ringmaster.proxy.frontend.PendingReply;
import io.ringmaster.proxy.health.ServerParameters;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Supplier;

/**
 * CONFIG GET: the parameters of a server, with this proxy's own in place of those that are about
 * connections and clients. Users of epochs may not ask servers for them, so it is the probes that
 * have, each time; before the first one the servers are asked.
 */
public final class ConfigCommand {

  private final Router router;
  private final Supplier<Map<String, String>> probed;
  private final Map<String, String> own;

  /**
   * @param probed what the probes know; empty if nothing yet
   * @param own the parameters of this proxy
   */
  public ConfigCommand(
      Router router, Supplier<Map<String, String>> probed, Map<String, String> own) {
    this.router = router;
    this.probed = probed;
    this.own = Map.copyOf(own);
  }

  /** The handler by command. */
  public Map<String, CommandHandler> handlers() {
    return Map.of("config|get", this::get);
  }

  private void get(
      ClientConnection client, CommandSpec command, RequestFrame request, Route route) {
    PendingReply place = client.open(request.frameLength(), true);
    List<String> wanted = wanted(request);
    Map<String, String> known = probed.get();
    if (!known.isEmpty()) {
      answer(place, known, wanted);
      return;
    }
    EachLeader.ask(
        place,
        router,
        answers ->
            answer(
                place,
                answers.isEmpty()
                    ? Map.of()
                    : ServerParameters.withoutSecrets(StringPairs.parse(answers.getFirst())),
                wanted),
        "CONFIG",
        "GET",
        "*");
  }

  private static List<String> wanted(Arguments request) {
    List<String> wanted = new ArrayList<>();
    for (int i = 2; i < request.count(); i++) {
      wanted.add(Words.text(request, i));
    }
    return wanted;
  }

  private void answer(PendingReply place, Map<String, String> servers, List<String> wanted) {
    Map<String, String> all = new HashMap<>(servers);
    all.putAll(own);
    Map<String, String> found = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
    for (String each : wanted) {
      find(each, all, found);
    }
    place.settleWith(
        reply -> {
          reply.map(found.size());
          found.forEach((name, value) -> reply.bulk(name).bulk(value));
        });
  }

  /** By a name Redis finds one parameter, and tells it by the name as it was asked for. */
  private static void find(String wanted, Map<String, String> all, Map<String, String> found) {
    if (Glob.isPattern(wanted)) {
      Glob pattern = new Glob(wanted);
      all.keySet().stream()
          .filter(pattern::matches)
          .forEach(name -> found.putIfAbsent(name, all.getOrDefault(name, "")));
    } else if (all.containsKey(wanted.toLowerCase(Locale.ROOT))) {
      found.putIfAbsent(wanted, all.getOrDefault(wanted.toLowerCase(Locale.ROOT), ""));
    }
  }
}
