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

  private final List<RemoteClient> all = new ArrayList<>(1);
  private List<RemoteClient> untold = new ArrayList<>(1);

  /** {@code lost} is lost. */
  void add(RemoteClient lost) {
    all.add(lost);
    untold.add(lost);
  }

  /**
   * Returns the connections that were added since the last call: other connections have to end
   * them, too.
   */
  List<RemoteClient> takeUntold() {
    List<RemoteClient> taken = untold;
    untold = new ArrayList<>(1);
    return taken;
  }

  /** The server has ended these. */
  void ended(Collection<RemoteClient> dead) {
    all.removeAll(dead);
  }

  /**
   * The server is in its run {@code runId}: those of earlier ones have gone with these. Of one run
   * there are at most as many as connections, as none is ready again before it has ended them.
   */
  void endedBefore(String runId) {
    all.removeIf(lost -> !lost.runId().equals(runId));
  }

  /** The oldest first, as they are now. */
  List<RemoteClient> all() {
    return List.copyOf(all);
  }
}
