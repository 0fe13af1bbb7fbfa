package io.ringmaster.proxy.metadata;

import io.ringmaster.proxy.failure.FileFailures;

/**
 * Why a coordinator that runs has left the config group for good: it hears of no topology any more.
 *
 * @param reason for clients
 * @param detail for operators: what was found, and what to do
 */
public record Departure(String reason, String detail) {

  private static final String NO_LOG = "this coordinator cannot keep the log of the config group";

  /** Its folder cannot be used any more. */
  public static Departure folder(String trouble) {
    return new Departure(
        NO_LOG,
        trouble + ". Restart it once that is repaired; a folder that is lost needs another name");
  }

  /** An entry or a snapshot could not be written. */
  public static Departure unwritable(Throwable failure) {
    return folder("it cannot write to its folder: " + FileFailures.reason(failure));
  }

  /** The log holds something that this version does not understand. */
  public static Departure unknown(String what) {
    return new Departure(
        "this coordinator does not understand the log of the config group",
        "it has met " + what + ". All coordinators have to be of one version of the log's format");
  }

  /** Somebody has taken its vote away. */
  public static Departure removed() {
    return new Departure(
        "this coordinator was removed from the config group",
        "end it, or restart it and add it again with CLUSTER.ADDCOORDINATOR");
  }

  /** It has ended by itself, and nobody knows why. */
  public static Departure broken() {
    return new Departure(NO_LOG, "an error in Ringmaster itself. Restart it");
  }

  /** All of it. */
  public String text() {
    return reason + ": " + detail;
  }
}
