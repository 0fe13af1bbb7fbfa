package io.ringmaster.proxy.adoption;

import io.lettuce.core.RedisCommandExecutionException;
import io.lettuce.core.RedisException;
import io.ringmaster.proxy.health.LettuceFailures;
import java.time.Duration;
import java.util.UUID;
import java.util.function.Consumer;

/** Has coordinators take servers over, and measures for how long nobody could write. */
final class Takeover {

  private static final Duration LONGEST = Duration.ofSeconds(60);

  private final ServerLinks links;
  private final Access servers;
  private final Coordinators coordinators;

  Takeover(ServerLinks links, Access servers, Coordinators coordinators) {
    this.links = links;
    this.servers = servers;
    this.coordinators = coordinators;
  }

  /**
   * Returns when the shard serves.
   *
   * @param undo what is to be done if nothing was
   */
  void run(Plan plan, String undo, Consumer<String> told) {
    try (ServerLink direct = links.open(plan.origin().master(), servers);
        ServerLink through = coordinators.connect();
        ServerLink asking = coordinators.connect()) {
      String shard = Coordinators.shard(asking);
      try (MasterWatch watch = new MasterWatch(direct)) {
        ask(asking, shard, undo);
        told.accept("shard %s is being adopted".formatted(shard));
        if (!Patience.until(LONGEST, () -> serves(through))) {
          throw new AdoptionException(
              "shard %s does not serve yet, see KV.HEALTH: %s"
                  .formatted(shard, Coordinators.waitsFor(asking)));
        }
        told.accept(
            "shard %s serves; for %d ms nobody could write"
                .formatted(shard, watch.refusedMillis()));
      }
    } catch (RedisException e) {
      throw new AdoptionException(LettuceFailures.reason(e), e);
    }
  }

  /** Without a clear no it may have been done. */
  private static void ask(ServerLink asking, String shard, String undo) {
    try {
      asking.ask("CLUSTER.ADOPT", shard);
    } catch (RedisException failure) {
      String message = LettuceFailures.reason(failure);
      boolean refused = failure instanceof RedisCommandExecutionException;
      if (refused && !message.startsWith("UNCERTAIN")) {
        throw new AdoptionException(message + undo, failure);
      }
    }
  }

  /** By a write that changes nothing. */
  private static boolean serves(ServerLink through) {
    try {
      through.ask("DEL", "ringmaster:" + UUID.randomUUID());
      return true;
    } catch (RedisException notYet) {
      return false;
    }
  }
}
