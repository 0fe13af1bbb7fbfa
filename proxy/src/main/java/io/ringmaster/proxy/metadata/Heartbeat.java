package io.ringmaster.proxy.metadata;

import java.util.Map;

/**
 * Says that a coordinator has published a topology to its event loops, and which leaders it finds
 * dead. Like a {@link ReadBarrier}, who has applied it has applied all that was committed before it
 * was sent.
 *
 * @param by the coordinator that sent it
 * @param instance the run of its process, unlike any other
 * @param epoch of the topology
 * @param suspects the shards whose leaders seem to have failed, and the epoch of each
 */
record Heartbeat(String by, String instance, long epoch, Map<String, Long> suspects)
    implements LogEntry {

  Heartbeat {
    suspects = Map.copyOf(suspects);
  }
}
