package io.ringmaster.proxy.metadata.log;

import com.typesafe.config.Config;
import java.util.Map;

/**
 * What the sender of an entry is told.
 *
 * @param epoch the topology that the entry made; 0 if it was refused
 * @param reason why it was refused; empty if it was not
 */
public record ProposalResult(long epoch, String reason) {

  static ProposalResult committed(long epoch) {
    return new ProposalResult(epoch, "");
  }

  static ProposalResult refused(String reason) {
    return new ProposalResult(0, reason);
  }

  public boolean isCommitted() {
    return epoch > 0;
  }

  public String text() {
    return Json.line(Map.of("epoch", epoch, "reason", reason));
  }

  public static ProposalResult parse(String text) {
    Config json = Json.parsed(text);
    return new ProposalResult(json.getLong("epoch"), json.getString("reason"));
  }
}
