package io.ringmaster.proxy.backend;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/**
 * The connections to one node that were lost with requests in flight, and that it has not ended for
 * certain: what it has received on them it would still execute. All connections on which a request
 * may be sent instead share them, and carry nothing more before the server was told to end them.
 */
final class Leftovers {

  /** Those of an earlier run of the server are of no use any more. */
  private static final int MOST = 64;

  private final List<Incarnation> all = new ArrayList<>(1);

  /** {@code lost} is lost. */
  void add(Incarnation lost) {
    if (all.size() == MOST) {
      all.removeFirst();
    }
    all.add(lost);
  }

  /** The server has ended these. */
  void ended(Collection<Incarnation> dead) {
    all.removeAll(dead);
  }

  /** The oldest first, as they are now. */
  List<Incarnation> all() {
    return List.copyOf(all);
  }
}
