package io.ringmaster.proxy.admin;

import io.ringmaster.cluster.topology.Topology;
import io.ringmaster.proxy.dispatch.CommandHandler;
import io.ringmaster.proxy.health.HealthMonitor;
import io.ringmaster.proxy.metadata.ConfigGroup;
import io.ringmaster.proxy.verify.Verifier;
import java.util.HashMap;
import java.util.Map;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/** All commands of administrators. Their handlers serve all event loops. */
public final class Administration {

  private final Map<String, CommandHandler> handlers = new HashMap<>();
  private final Plans plans;

  /**
   * @param status what the proxy says of itself in CLUSTER.STATUS
   * @param leaseHeld whether it holds its lease
   */
  public Administration(
      Supplier<Topology> topology,
      Supplier<Map<String, Object>> status,
      HealthMonitor control,
      ConfigGroup group,
      BooleanSupplier leaseHeld,
      Verifier verifier) {
    plans = new Plans(group);
    handlers.putAll(
        new AdminCommands(topology, control::health, status, group, leaseHeld).handlers());
    handlers.putAll(new CoordinatorCommands(group).handlers());
    handlers.putAll(new FailoverCommand(group, plans, control::health).handlers());
    handlers.putAll(new NodeCommands(group, plans, control::health, control::objection).handlers());
    handlers.putAll(new AdoptCommand(group, plans).handlers());
    handlers.putAll(new StopCommands(group, plans, control::health).handlers());
    handlers.putAll(new VerifyCommand(topology, verifier).handlers());
  }

  /** Tells those who wait for a change of a new topology, after all event loops have got it. */
  public void follow(Topology next) {
    plans.follow(next);
  }

  /** The handlers by command. */
  public Map<String, CommandHandler> handlers() {
    return Map.copyOf(handlers);
  }
}
