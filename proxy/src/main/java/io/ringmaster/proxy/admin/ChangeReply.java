package io.ringmaster.proxy.admin;

import io.ringmaster.proxy.metadata.ChangeOutcome;
import io.ringmaster.proxy.metadata.Member;
import java.util.Map;

/** What an operator hears who has asked for a new epoch of a shard. */
final class ChangeReply {

  private ChangeReply() {}

  static void settle(AdminRequest request, String shard, long epoch, ChangeOutcome outcome) {
    switch (outcome) {
      case ChangeOutcome.Committed done -> request.reply(Map.of("shard", shard, "epoch", epoch));
      case ChangeOutcome.Invalid invalid -> request.fail("ERR " + invalid.reason());
      case ChangeOutcome.NoMajority away -> request.fail("UNAVAILABLE " + away.reason());
      case ChangeOutcome.LeaderUnreachable away ->
          request.fail("UNAVAILABLE " + away.reason() + "; the leader is " + away.leader());
      case ChangeOutcome.Unknown unknown ->
          request.fail(
              "UNCERTAIN "
                  + unknown.reason()
                  + unknown.leader().map(Member::id).map(id -> "; the leader is " + id).orElse(""));
    }
  }
}
