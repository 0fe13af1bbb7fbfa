package io.ringmaster.cluster.quorum;

/**
 * The last word of a coordinator, as far as it was heard.
 *
 * @param by the coordinator's name
 * @param instance the incarnation of its process, unlike any other
 * @param epoch the newest topology that it has published to all who answer clients there
 * @param leaseMillis how long it may answer from a topology for which a heartbeat has vouched
 * @param observations about the shards
 */
public record Report(
    String by, String instance, long epoch, long leaseMillis, Observations observations) {

  /**
   * Returns the report that holds after {@code next} from the same coordinator, which may have been
   * overtaken: what was published stays so, and the last observations of a process count. What a
   * process before was granted may still be held when the next one begins.
   */
  public Report then(Report next) {
    boolean same = instance.equals(next.instance);
    boolean overtaken = same && observations.number() > next.observations.number();
    return new Report(
        by,
        next.instance,
        Math.max(epoch, next.epoch),
        same ? next.leaseMillis : Math.max(leaseMillis, next.leaseMillis),
        overtaken ? observations : next.observations);
  }
}
