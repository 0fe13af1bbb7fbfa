package io.ringmaster.proxy.backend;

import io.ringmaster.cluster.spi.Lane;
import io.ringmaster.cluster.topology.NodeId;
import java.util.ArrayList;
import java.util.List;

/** The lanes that are shared now, where a large reply was in the way on another. */
final class Detours {

  private static final class Detour {
    private final NodeId node;
    private Lane taken;

    Detour(NodeId node, Lane taken) {
      this.node = node;
      this.taken = taken;
    }

    boolean serves(NodeId wanted, Lane lane) {
      return lane.isLike(taken) && wanted.equals(node);
    }
  }

  private final List<Detour> detours = new ArrayList<>(0);
  private int turns;

  /** The lane that requests to {@code node} take now instead of {@code lane}. */
  Lane taken(NodeId node, Lane lane) {
    if (lane.isLent()) {
      return lane;
    }
    for (int i = 0; i < detours.size(); i++) {
      Detour detour = detours.get(i);
      if (detour.serves(node, lane)) {
        return detour.taken;
      }
    }
    return lane.shared();
  }

  /** Lets requests to {@code node} take {@code lane} from now on. */
  void turn(NodeId node, Lane lane) {
    turns++;
    for (Detour detour : detours) {
      if (detour.serves(node, lane)) {
        detour.taken = lane;
        return;
      }
    }
    detours.add(new Detour(node, lane));
  }

  /** Returns the number of times that a lane was changed. */
  int turns() {
    return turns;
  }
}
