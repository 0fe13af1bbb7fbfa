package io.ringmaster.proxy.metadata;

import java.util.Optional;

/** What became of a change. */
public sealed interface ChangeOutcome {

  /** For the log. */
  default String text() {
    return switch (this) {
      case Committed made -> "made topology " + made.epoch();
      case Invalid invalid -> "not made: " + invalid.reason();
      case LeaderUnreachable away -> "not made: " + away.reason();
      case NoMajority away -> "not made: " + away.reason();
      case Unknown unknown -> "may have been made: " + unknown.reason();
    };
  }

  /**
   * It is in the log for good; {@link ConfigGroup#topology} has it, unless this coordinator lags.
   *
   * @param epoch the topology that it made
   */
  record Committed(long epoch) implements ChangeOutcome {}

  /** It was not made and never will be: it does not fit the topology. */
  record Invalid(String reason) implements ChangeOutcome {}

  /** It was not made and never will be: the leader cannot be reached, or has no majority. */
  record LeaderUnreachable(Member leader, String reason) implements ChangeOutcome {}

  /** It was not made and never will be: there is no leader, since no majority can be reached. */
  record NoMajority(String reason) implements ChangeOutcome {}

  /** It may have been made, or be made yet. */
  record Unknown(Optional<Member> leader, String reason) implements ChangeOutcome {}
}
