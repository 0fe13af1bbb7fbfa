package io.ringmaster.proxy.metadata.ratis;

import io.ringmaster.proxy.metadata.GroupException;
import io.ringmaster.proxy.metadata.Member;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.ratis.client.RaftClient;
import org.apache.ratis.protocol.GroupInfoReply;
import org.apache.ratis.protocol.RaftPeerId;
import org.apache.ratis.retry.RetryPolicies;
import org.apache.ratis.thirdparty.io.grpc.StatusRuntimeException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a coordinator without a folder asks the others before it starts. An empty log votes for
 * anybody: it must not come to an election in which the one that was lost has voted.
 */
final class Bootstrap {

  private static final Logger LOG = LoggerFactory.getLogger(Bootstrap.class);

  private final GroupSettings settings;

  Bootstrap(GroupSettings settings) {
    this.settings = settings;
  }

  /** What one of the others knows of the group: nobody, if it waits for it, too. */
  private record Answer(Member from, List<Member> members) {}

  /**
   * Whether the group begins here. It does at the first of the founders, once all others have said
   * that they know of no group; everyone else waits to be given a vote.
   *
   * @throws GroupException if this coordinator has a vote already, or not all answer
   */
  boolean begins() {
    try (RaftClient client = client()) {
      return begins(client, Deadline.in(settings.startTimeout()));
    } catch (IOException e) {
      throw new GroupException(RatisFailures.reason(e), e);
    }
  }

  private boolean begins(RaftClient client, Deadline deadline) {
    List<Member> toldOf = List.of();
    while (true) {
      List<Member> silent = new ArrayList<>();
      boolean exists = false;
      for (Member other : others()) {
        Optional<Answer> answer = ask(client, other);
        if (answer.isEmpty()) {
          silent.add(other);
        }
        exists |= answer.isPresent() && isGroup(answer.get());
      }
      if (exists || !settings.first().id().equals(settings.self().id())) {
        return false;
      }
      if (silent.isEmpty()) {
        return true;
      }
      if (!silent.equals(toldOf)) {
        LOG.info("the config group begins once all founders are there: waiting for {}", silent);
        toldOf = silent;
      }
      if (deadline.isOver()) {
        throw new GroupException(
            "the group begins once all of coordinator.peers are there: no answer from " + silent);
      }
      RatisNode.pause();
    }
  }

  private List<Member> others() {
    return settings.founders().stream()
        .filter(founder -> !founder.id().equals(settings.self().id()))
        .toList();
  }

  private boolean isGroup(Answer answer) {
    String self = settings.self().id();
    if (answer.members().stream().anyMatch(member -> member.id().equals(self))) {
      throw new GroupException(
          ("%s has a vote according to %s, but no log in %s: its folder is lost."
                  + " Remove it from the group, and add another under a new name")
              .formatted(self, answer.from(), settings.directory()));
    }
    return !answer.members().isEmpty();
  }

  private static Optional<Answer> ask(RaftClient client, Member other) {
    try {
      GroupInfoReply reply =
          client.getGroupManagementApi(RaftPeerId.valueOf(other.id())).info(RatisNames.GROUP);
      return reply.isSuccess()
          ? Optional.of(new Answer(other, RatisNames.members(reply.getGroup().getPeers())))
          : Optional.empty();
    } catch (IOException | StatusRuntimeException e) {
      LOG.debug("no answer from {}: {}", other, RatisFailures.reason(e));
      return Optional.empty();
    }
  }

  private RaftClient client() {
    return RaftClient.newBuilder()
        .setRaftGroup(RatisNames.group(settings.founders()))
        .setProperties(RatisProperties.impatient(settings))
        .setParameters(RatisProperties.parameters(settings))
        .setRetryPolicy(RetryPolicies.noRetry())
        .build();
  }
}
