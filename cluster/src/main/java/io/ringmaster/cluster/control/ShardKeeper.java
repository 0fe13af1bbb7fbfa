package io.ringmaster.cluster.control;

import io.ringmaster.cluster.topology.NodeId;
import io.ringmaster.cluster.topology.Shard;
import io.ringmaster.cluster.topology.ShardState;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Looks after one shard for as long as its coordinator leads the config group. */
final class ShardKeeper {

  private final Host host;
  private final Runnable next;
  private final Administrator administrator;
  private final PlanPause pause;
  private @Nullable Shard at;
  private @Nullable Stage stage;
  private @Nullable NodeId failed;
  private boolean committing;

  /** {@code next} runs when a step was decided: clients may be waiting for the next one. */
  ShardKeeper(Host host, Runnable next) {
    this.host = host;
    this.next = next;
    this.administrator = new Administrator(host);
    this.pause = new PlanPause(host.settings().planPauseMillis());
  }

  void tick(Shard shard) {
    if (committing) {
      return;
    }
    Optional<Stage.Step> step = stageOf(shard).tick(shard);
    if (step.isPresent()) {
      committing = true;
      failed = step.get().leaderFailed() ? shard.leader().id() : failed;
      host.log().commit(step.get().change(), step.get().cause(), this::ended);
    }
  }

  private void ended() {
    committing = false;
    next.run();
  }

  private Stage stageOf(Shard shard) {
    Shard before = at;
    Stage present = stage;
    boolean same = before != null && before.isSameTurn(shard);
    if (same && present != null) {
      return present;
    }
    closeStage();
    Stage fresh = stage(shard);
    at = shard;
    stage = fresh;
    return fresh;
  }

  private Stage stage(Shard shard) {
    ShardState state = shard.state();
    return switch (state) {
      case NEW -> new Adopting(shard, host.settings().adopts());
      case FENCED -> new Sealing(host, shard, administrator, failed);
      case FORCED -> new Sealing(host, shard, administrator, null);
      case PROMOTED -> new SettingUp(host, shard, administrator);
      case SERVING -> {
        failed = null;
        // One that nobody talks to may be lost, and is not to delay the next failover.
        administrator.close();
        pauseAfterHandOver(shard);
        yield new Serving(host, shard, administrator, pause);
      }
      case HANDING_OVER -> new HandingOver(host, shard, administrator);
      case STOPPED -> new Stopped();
    };
  }

  private void pauseAfterHandOver(Shard shard) {
    Shard before = at;
    if (before == null || before.epoch() != shard.epoch()) {
      pause.end();
    } else if (before.state() == ShardState.HANDING_OVER) {
      pause.begin(host.scheduler().millis());
    }
  }

  /** What the shard lacks, for the operator. */
  String waitsFor() {
    Stage present = stage;
    return present == null ? "" : present.waitsFor();
  }

  void close() {
    closeStage();
    administrator.close();
  }

  private void closeStage() {
    Stage present = stage;
    if (present != null) {
      present.close();
    }
  }
}
