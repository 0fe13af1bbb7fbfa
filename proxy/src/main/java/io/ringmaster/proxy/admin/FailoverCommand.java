package io.ringmaster.proxy.admin;

import io.ringmaster.cluster.topology.FenceShard;
import io.ringmaster.cluster.topology.Shard;
import io.ringmaster.proxy.dispatch.CommandHandler;
import io.ringmaster.proxy.metadata.ConfigGroup;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * {@code CLUSTER.FAILOVER shard FORCE}: a leader is chosen from the nodes that can be reached, even
 * if all of them may have forgotten something that they acknowledged.
 */
public final class FailoverCommand {

  private final ConfigGroup group;

  public FailoverCommand(ConfigGroup group) {
    this.group = group;
  }

  /** The handler by command. */
  public Map<String, CommandHandler> handlers() {
    return Map.of("cluster.failover", new AdminHandler(3, 3, this::force));
  }

  private void force(AdminRequest request) {
    if (!request.text(2).toUpperCase(Locale.ROOT).equals("FORCE")) {
      request.fail("ERR syntax error");
      return;
    }
    Optional<Shard> shard = group.topology().shard(request.text(1));
    if (shard.isEmpty()) {
      request.fail("ERR there is no shard " + request.text(1));
      return;
    }
    long epoch = shard.get().epoch() + 1;
    request.later(
        group.submit(
            new FenceShard(shard.get().id(), epoch, true), OptionalLong.empty(), "an operator"),
        outcome -> ChangeReply.settle(request, shard.get().id(), epoch, outcome));
  }
}
