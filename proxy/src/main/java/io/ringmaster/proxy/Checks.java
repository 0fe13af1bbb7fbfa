package io.ringmaster.proxy;

import io.ringmaster.proxy.http.Check;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * What an orchestrator is told.
 *
 * @param clients why no clients are accepted; empty if they are
 * @param membership why it is no coordinator of its group; empty if it is, or if there is none
 */
record Checks(
    ServerContext context, DataPlane data, Supplier<String> clients, Supplier<String> membership) {

  /**
   * What a restart would mend. Servers that are down are nothing of that: an orchestrator would
   * restart all proxies, which were well.
   */
  List<Check> live() {
    Duration limit = context.settings().http().stallLimit();
    return List.of(
        Check.ofAll("loops", () -> eachLoop(pulse -> pulse.stalled(limit))),
        Check.ofAll("memory", () -> eachLoop(pulse -> pulse.memoryless(limit))),
        Check.ofAll("servers", () -> eachLoop(pulse -> pulse.deaf(limit, context.health()::isUp))));
  }

  private Map<String, String> eachLoop(Function<Pulse, String> question) {
    Map<String, String> answers = new LinkedHashMap<>();
    List<ClientLoop> loops = data.loops();
    for (int i = 0; i < loops.size(); i++) {
      answers.put("loop " + i, question.apply(loops.get(i).pulse()));
    }
    return answers;
  }

  /** What it takes to serve clients. */
  List<Check> ready() {
    return List.of(
        Check.of("clients", clients),
        Check.of("coordinator", membership),
        new Readiness(
            context.topology(), context.health()::health, context.settings().http().ready()));
  }
}
