package io.ringmaster.proxy.metadata;

import java.util.Optional;

/** What became of a change of the group itself. */
public sealed interface MembershipOutcome {

  /** It is done. */
  record Done(GroupView view) implements MembershipOutcome {}

  /** It was not done: it makes no sense. */
  record Refused(String reason) implements MembershipOutcome {}

  /** It was not done: no majority can be reached. */
  record Unavailable(Optional<Member> leader, String reason) implements MembershipOutcome {}

  /** It may have been done, or be done yet; the members tell. */
  record Unknown(Optional<Member> leader, String reason) implements MembershipOutcome {}
}
