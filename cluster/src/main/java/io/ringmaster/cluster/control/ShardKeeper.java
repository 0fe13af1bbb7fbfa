package io.ringmaster.cluster.control;

import io.ringmaster.cluster.topology.FenceShard;
import io.ringmaster.cluster.topology.MarkerPosition;
import io.ringmaster.cluster.topology.NodeId;
import io.ringmaster.cluster.topology.PauseShard;
import io.ringmaster.cluster.topology.ResumeShard;
import io.ringmaster.cluster.topology.ServeShard;
import io.ringmaster.cluster.topology.Shard;
import io.ringmaster.cluster.topology.ShardState;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Looks after one shard for as long as its coordinator leads the config group. */
final class ShardKeeper {

  private final Host host;
  private final Runnable next;
  private final Administrator administrator;
  private @Nullable Shard at;
  private @Nullable Stage stage;
  private @Nullable NodeId failed;
  private boolean committing;
  // How many leaders in a row nobody could follow.
  private int attempts;
  // When the present stage began here, and since when clients wait, if they do.
  private long begun;
  private long waitingSince = Long.MAX_VALUE;

  /** {@code next} runs when a step was decided: clients may be waiting for the next one. */
  ShardKeeper(Host host, Runnable next) {
    this.host = host;
    this.next = next;
    this.administrator = new Administrator(host);
  }

  void tick(Shard shard) {
    if (committing) {
      return;
    }
    Stage present = stageOf(shard);
    present.tick(shard).ifPresent(step -> commit(shard, present, step));
  }

  private void commit(Shard shard, Stage present, Stage.Step step) {
    committing = true;
    failed = step.leaderFailed() ? shard.leader().id() : failed;
    attempts += shard.state() == ShardState.PROMOTED && step.leaderFailed() ? 1 : 0;
    long now = host.scheduler().millis();
    boolean ends = step.change() instanceof FenceShard || step.change() instanceof PauseShard;
    if (ends && shard.isServing()) {
      waitingSince = present.servedUntil(now);
    }
    host.log().commit(step.change(), cause(step, now), now - present.dueSince(begun), this::ended);
  }

  /** With how long clients have waited, where they wait no more. */
  private String cause(Stage.Step step, long now) {
    boolean serves = step.change() instanceof ServeShard || step.change() instanceof ResumeShard;
    return serves && waitingSince != Long.MAX_VALUE
        ? step.cause() + "; clients have waited for " + (now - waitingSince) + " ms"
        : step.cause();
  }

  private void ended() {
    committing = false;
    next.run();
  }

  private Stage stageOf(Shard shard) {
    Shard before = at;
    Stage present = stage;
    boolean same = before != null && before.isUnchanged(shard);
    if (same && present != null) {
      return present;
    }
    closeStage();
    begun = host.scheduler().millis();
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
      case PROMOTED -> new SettingUp(host, shard, administrator, attempts);
      case SERVING -> {
        failed = null;
        attempts = 0;
        waitingSince = Long.MAX_VALUE;
        // One that nobody talks to may be lost, and is not to delay the next failover.
        administrator.close();
        yield new Serving(host, shard, administrator);
      }
      case PAUSED -> new HandingOver(host, shard, administrator);
      case STOPPED -> new Stopped();
    };
  }

  /** Returns what the shard lacks, for the operator. */
  String waitsFor() {
    Stage present = stage;
    return present == null ? "" : present.waitsFor();
  }

  /** The furthest that the marker of its leader was seen, if that serves. */
  Optional<MarkerPosition> marker() {
    return stage instanceof Serving serving && serving.marker().exists()
        ? Optional.of(serving.marker())
        : Optional.empty();
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
