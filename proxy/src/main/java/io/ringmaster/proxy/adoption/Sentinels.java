package io.ringmaster.proxy.adoption;

import io.lettuce.core.RedisException;
import io.ringmaster.cluster.topology.NodeId;
import io.ringmaster.proxy.health.LettuceFailures;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/**
 * The Sentinels of a master. Two who promote replicas of the same servers would undo each other.
 */
final class Sentinels {

  private final ServerLinks links;
  private final Access access;
  private final Watch watch;

  Sentinels(ServerLinks links, Access access, Watch watch) {
    this.links = links;
    this.access = access;
    this.watch = watch;
  }

  /** Returns the findings about Sentinels that cannot be asked. */
  List<Finding> inspect() {
    List<Finding> findings = new ArrayList<>();
    for (NodeId sentinel : watch.sentinels()) {
      try (ServerLink link = links.open(sentinel, access)) {
        link.ask("SENTINEL", "MASTER", watch.master());
      } catch (RedisException e) {
        findings.add(unreachable(sentinel, LettuceFailures.reason(e)));
      } catch (AdoptionException e) {
        findings.add(unreachable(sentinel, "" + e.getMessage()));
      }
    }
    return findings;
  }

  private Finding unreachable(NodeId sentinel, String reason) {
    return Finding.obstacle(
        ("Sentinel %s would go on watching (%s); start it, or if it is gone for good let the others"
                + " forget it: SENTINEL RESET %s")
            .formatted(sentinel, reason, watch.master()));
  }

  /** Has all of them forget the master. */
  void forget(Consumer<String> told) {
    for (NodeId sentinel : watch.sentinels()) {
      try (ServerLink link = links.open(sentinel, access)) {
        link.ask("SENTINEL", "REMOVE", watch.master());
        told.accept("Sentinel %s has forgotten %s".formatted(sentinel, watch.master()));
      } catch (RedisException e) {
        throw new AdoptionException(
            "Sentinel %s: %s; nothing else was changed; %s"
                .formatted(sentinel, LettuceFailures.reason(e), undo()),
            e);
      }
    }
  }

  /** Returns how an operator makes the Sentinels watch again. */
  String undo() {
    String all = watch.sentinels().stream().map(NodeId::toString).collect(Collectors.joining(", "));
    return "Sentinels watch again after SENTINEL MONITOR %s HOST PORT %s, and SENTINEL SET of what else they had, at %s"
        .formatted(watch.master(), watch.quorum(), all);
  }
}
