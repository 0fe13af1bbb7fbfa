package io.ringmaster.proxy.admin;

import io.ringmaster.cluster.topology.Shard;
import io.ringmaster.cluster.topology.ShardState;
import io.ringmaster.proxy.dispatch.CommandHandler;
import io.ringmaster.proxy.metadata.ConfigGroup;
import java.util.Map;

/**
 * {@code CLUSTER.ADOPT shard}: the servers of a new shard are taken over, with the data that they
 * hold, where {@code coordinator.adopt} is off.
 */
final class AdoptCommand {

  private final ConfigGroup group;
  private final Plans plans;

  AdoptCommand(ConfigGroup group, Plans plans) {
    this.group = group;
    this.plans = plans;
  }

  /** The handler by command. */
  Map<String, CommandHandler> handlers() {
    return Map.of("cluster.adopt", new AdminHandler(2, 2, this::adopt));
  }

  private void adopt(AdminRequest request) {
    request.withTopology(
        group, topology -> request.shard(topology, 1).ifPresent(shard -> adopt(request, shard)));
  }

  private void adopt(AdminRequest request, Shard shard) {
    if (shard.state() != ShardState.NEW) {
      request.fail("ERR shard " + shard.id() + " was adopted before");
      return;
    }
    plans.fence(request, shard, false, "an operator: its servers are adopted");
  }
}
