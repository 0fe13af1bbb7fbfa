package io.ringmaster.cluster.replication;

import io.ringmaster.protocol.Reply;
import java.util.Set;

/**
 * Errors by which a server refuses a command before it looks at any data. They promise nothing that
 * could be lost with a leader, so nobody has to wait for them. Every other error tells of a state
 * (a key of another type, a group that exists): it is as good as the state that it rests on, and is
 * committed like any reply. So is every error of a script, which may choose the words of any of
 * these after it has written.
 */
final class Refusal {

  private static final Set<String> CODES =
      Set.of(
          "BUSY",
          "DENIED",
          "LOADING",
          "MASTERDOWN",
          "MISCONF",
          "NOAUTH",
          "NOPERM",
          "NOREPLICAS",
          "NOSCRIPT",
          "OOM",
          "READONLY",
          "WRONGPASS");

  private Refusal() {}

  static boolean is(Reply reply) {
    if (!reply.isError()) {
      return false;
    }
    String text = reply.text();
    int end = text.indexOf(' ');
    return CODES.contains(end < 0 ? text : text.substring(0, end));
  }

  /** Whether a replica says that it cannot be asked now, so that another node may be. */
  static boolean isOfReplica(Reply reply) {
    return is(reply)
        && (reply.text().startsWith("LOADING")
            || reply.text().startsWith("MASTERDOWN")
            || reply.text().startsWith("NOPERM"));
  }
}
