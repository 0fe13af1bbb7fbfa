package io.ringmaster.proxy.metadata;

import java.util.Map;

/**
 * What the last heartbeat of a coordinator said.
 *
 * @param by the coordinator
 * @param instance the run of its process
 * @param epoch the newest topology that it has published
 * @param suspects the shards whose leaders seem to have failed, and the epoch of each
 */
record Acknowledgement(String by, String instance, long epoch, Map<String, Long> suspects) {

  Acknowledgement {
    suspects = Map.copyOf(suspects);
  }
}
