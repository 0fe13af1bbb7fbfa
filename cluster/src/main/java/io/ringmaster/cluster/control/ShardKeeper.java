package io.ringmaster.cluster.control;

import io.ringmaster.cluster.topology.Shard;
import io.ringmaster.cluster.topology.ShardState;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Looks after one shard for as long as its coordinator leads the config group. */
final class ShardKeeper {

  private final Host host;
  private @Nullable Shard at;
  private @Nullable Stage stage;
  private boolean committing;

  ShardKeeper(Host host) {
    this.host = host;
  }

  void tick(Shard shard) {
    if (committing) {
      return;
    }
    Optional<Stage.Step> step = stageOf(shard).tick(shard);
    if (step.isPresent()) {
      committing = true;
      host.log().commit(step.get().change(), step.get().cause(), () -> committing = false);
    }
  }

  private Stage stageOf(Shard shard) {
    Shard before = at;
    Stage present = stage;
    boolean same =
        before != null && before.epoch() == shard.epoch() && before.state() == shard.state();
    if (same && present != null) {
      return present;
    }
    close();
    Stage next = stage(shard);
    at = shard;
    stage = next;
    return next;
  }

  private Stage stage(Shard shard) {
    ShardState state = shard.state();
    return switch (state) {
      case NEW -> new Adopting(shard, host.adopts());
      case FENCED, FORCED -> new Sealing(host, shard);
      case PROMOTED -> new SettingUp(host, shard);
      case SERVING -> new Serving(host, shard);
    };
  }

  /** What the shard lacks, for the operator. */
  String waitsFor() {
    Stage present = stage;
    return present == null ? "" : present.waitsFor();
  }

  void close() {
    Stage present = stage;
    if (present != null) {
      present.close();
    }
  }
}
