package io.ringmaster.proxy.metadata;

/**
 * What a coordinator has said, as far as it was heard.
 *
 * @param by the coordinator
 * @param instance the run of its process
 * @param epoch the newest topology that it has published
 * @param findings about the shards
 */
record Acknowledgement(String by, String instance, long epoch, Findings findings) {

  static Acknowledgement of(Heartbeat heartbeat) {
    return new Acknowledgement(
        heartbeat.by(), heartbeat.instance(), heartbeat.epoch(), heartbeat.findings());
  }

  /**
   * What holds after {@code next} from the same coordinator, which may have been overtaken: what
   * was published stays so, and the last findings of a process count.
   */
  Acknowledgement then(Acknowledgement next) {
    boolean overtaken =
        instance.equals(next.instance) && findings.number() > next.findings.number();
    return new Acknowledgement(
        by, next.instance, Math.max(epoch, next.epoch), overtaken ? findings : next.findings);
  }
}
