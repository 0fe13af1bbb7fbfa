package io.ringmaster.proxy.metadata;

/** What became of a change of the group itself. */
public sealed interface MembershipOutcome {

  /** It is done. */
  record Done(GroupView view) implements MembershipOutcome {}

  /** It was not done. */
  record Refused(String reason) implements MembershipOutcome {}

  /** It may have been done, or be done yet; the members tell. */
  record Unknown(String reason) implements MembershipOutcome {}
}
