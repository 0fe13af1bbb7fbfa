package io.ringmaster.proxy.metadata.ratis;

import io.ringmaster.proxy.metadata.GroupException;
import io.ringmaster.proxy.metadata.GroupView;
import io.ringmaster.proxy.metadata.Member;
import io.ringmaster.proxy.metadata.MembershipOutcome;
import io.ringmaster.proxy.metadata.MembershipOutcome.Done;
import io.ringmaster.proxy.metadata.MembershipOutcome.Refused;
import io.ringmaster.proxy.metadata.MembershipOutcome.Unavailable;
import io.ringmaster.proxy.metadata.MembershipOutcome.Unknown;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.apache.ratis.protocol.RaftClientReply;
import org.apache.ratis.protocol.RaftPeer;
import org.apache.ratis.protocol.RaftPeerId;
import org.apache.ratis.protocol.SetConfigurationRequest;
import org.apache.ratis.protocol.exceptions.ReconfigurationTimeoutException;
import org.apache.ratis.protocol.exceptions.SetConfigurationException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Changes of the group itself. Each begins with a linearizable read, so that it starts from now.
 */
final class RatisMembership {

  private static final Logger LOG = LoggerFactory.getLogger(RatisMembership.class);

  private final GroupSettings settings;
  private final RatisNode node;

  RatisMembership(GroupSettings settings, RatisNode node) {
    this.settings = settings;
    this.node = node;
  }

  /** What is to be done, knowing the group as it is. */
  private interface Step {
    Optional<String> refusal(GroupView now, Deadline deadline);
  }

  MembershipOutcome add(Member member) {
    return change(
        (now, deadline) -> {
          if (now.members().contains(member)) {
            return Optional.empty();
          }
          for (Member other : now.members()) {
            if (other.id().equals(member.id()) || other.address().equals(member.address())) {
              return Optional.of("there is a coordinator " + other);
            }
          }
          return set(now, with(now.members(), member), deadline);
        },
        now -> now.members().contains(member));
  }

  /** Gives all founders their votes, one after the other; nothing may be changed before. */
  void found(Deadline deadline) {
    for (Member founder : settings.founders()) {
      String toldOf = "";
      while (!node.view().members().contains(founder)) {
        GroupView now = node.view();
        Optional<String> refusal = set(now, with(now.members(), founder), deadline);
        if (refusal.isPresent() && deadline.isOver()) {
          throw new GroupException(founder + ": " + refusal.get());
        }
        String reason = refusal.orElse("");
        if (!reason.isEmpty() && !reason.equals(toldOf)) {
          LOG.info("{} has no vote yet: {}", founder, reason);
          toldOf = reason;
        }
        RatisNode.pause();
      }
    }
  }

  MembershipOutcome remove(String id) {
    return change(
        (now, deadline) -> {
          List<Member> rest =
              now.members().stream().filter(member -> !member.id().equals(id)).toList();
          if (rest.size() == now.members().size()) {
            return Optional.of("there is no coordinator " + id);
          }
          if (rest.isEmpty()) {
            return Optional.of(id + " is the last coordinator");
          }
          if (now.leader().filter(leader -> leader.id().equals(id)).isPresent()) {
            transfer(rest, deadline);
          }
          return set(now, rest, deadline);
        },
        now -> now.members().stream().noneMatch(member -> member.id().equals(id)));
  }

  MembershipOutcome transferLeader(Optional<String> id) {
    GroupView before = node.view();
    List<Member> wanted =
        before.members().stream()
            .filter(member -> id.isPresent() || !Optional.of(member).equals(before.leader()))
            .filter(member -> member.id().equals(id.orElse(member.id())))
            .toList();
    if (wanted.isEmpty()) {
      return new Refused(
          id.map(name -> "there is no coordinator " + name)
              .orElse("there is no other coordinator"));
    }
    return change(
        (now, deadline) -> {
          transfer(wanted, deadline);
          return Optional.empty();
        },
        now -> now.leader().filter(wanted::contains).isPresent());
  }

  private MembershipOutcome change(Step step, Predicate<GroupView> done) {
    Deadline deadline = Deadline.in(settings.timeout());
    try {
      node.catchUp(deadline);
    } catch (GroupException e) {
      return new Unavailable(node.view().leader(), node.unreached(e, deadline));
    }
    try {
      Optional<String> refusal = step.refusal(node.view(), deadline);
      if (refusal.isPresent()) {
        return new Refused(refusal.get());
      }
      GroupView view = awaitHere(done, deadline);
      return done.test(view)
          ? new Done(view)
          : new Unknown(view.leader(), "this coordinator lags behind the others");
    } catch (GroupException e) {
      return new Unknown(node.view().leader(), node.unreached(e, deadline));
    }
  }

  /** It is agreed on already; who asks this coordinator next should see it, too. */
  private GroupView awaitHere(Predicate<GroupView> done, Deadline deadline) {
    while (!done.test(node.view()) && !deadline.isOver()) {
      RatisNode.pause();
    }
    return node.view();
  }

  private Optional<String> set(GroupView now, List<Member> wanted, Deadline deadline) {
    SetConfigurationRequest.Arguments arguments =
        SetConfigurationRequest.Arguments.newBuilder()
            .setMode(SetConfigurationRequest.Mode.COMPARE_AND_SET)
            .setServersInCurrentConf(peers(now.members()))
            .setServersInNewConf(peers(wanted))
            .build();
    try {
      RaftClientReply reply =
          RatisNode.until(deadline, () -> node.admin().setConfiguration(arguments));
      return reply.isSuccess()
          ? Optional.empty()
          : Optional.of(RatisFailures.reason(reply.getException()));
    } catch (GroupException e) {
      if (e.getCause() instanceof SetConfigurationException && isMade(wanted)) {
        // By an earlier attempt, whose answer was lost.
        return Optional.empty();
      }
      if (e.getCause() instanceof ReconfigurationTimeoutException
          || e.getCause() instanceof SetConfigurationException) {
        return Optional.of(e.reason());
      }
      throw e;
    }
  }

  private boolean isMade(List<Member> wanted) {
    return Set.copyOf(node.view().members()).equals(Set.copyOf(wanted));
  }

  /** To the first of them that takes the lead: some may be down. */
  private void transfer(List<Member> wanted, Deadline deadline) {
    for (int left = wanted.size(); left > 0; left--) {
      RaftPeerId to = RaftPeerId.valueOf(wanted.get(wanted.size() - left).id());
      Deadline share = Deadline.in(Duration.ofMillis(deadline.millis() / left));
      try {
        RatisNode.until(share, () -> node.admin().transferLeadership(to, share.millis()));
        return;
      } catch (GroupException e) {
        if (left == 1) {
          throw e;
        }
      }
    }
  }

  private static List<RaftPeer> peers(List<Member> members) {
    return members.stream().map(RatisNames::peer).toList();
  }

  private static List<Member> with(List<Member> members, Member member) {
    return Stream.concat(members.stream(), Stream.of(member)).toList();
  }
}
