package io.ringmaster.proxy.metadata;

import java.util.List;
import java.util.Optional;

/**
 * The group as one of its coordinators sees it.
 *
 * @param self this coordinator's name
 * @param members who has a vote
 * @param leader who leads; empty if this coordinator knows of nobody
 * @param term of the leader, raised at each election
 * @param applied index of the last log entry that is part of the topology here
 */
public record GroupView(
    String self, List<Member> members, Optional<Member> leader, long term, long applied) {

  /** Copies the list. */
  public GroupView {
    members = List.copyOf(members);
  }

  /** Whether this coordinator leads, as far as it knows. */
  public boolean isLeader() {
    return leader.filter(member -> member.id().equals(self)).isPresent();
  }

  /** Whether this coordinator has a vote. */
  public boolean isMember() {
    return members.stream().anyMatch(member -> member.id().equals(self));
  }
}
