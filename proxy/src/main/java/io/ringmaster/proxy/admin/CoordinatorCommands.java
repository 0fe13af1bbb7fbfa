package io.ringmaster.proxy.admin;

import io.ringmaster.cluster.topology.InvalidTopologyException;
import io.ringmaster.proxy.config.Address;
import io.ringmaster.proxy.dispatch.CommandHandler;
import io.ringmaster.proxy.dispatch.Errors;
import io.ringmaster.proxy.metadata.ConfigGroup;
import io.ringmaster.proxy.metadata.GroupView;
import io.ringmaster.proxy.metadata.Member;
import io.ringmaster.proxy.metadata.MembershipOutcome;
import io.ringmaster.proxy.metadata.log.TopologyEvent;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/**
 * CLUSTER.ADDCOORDINATOR, REMOVECOORDINATOR, TRANSFERLEADER and EVENTS. Each works on any
 * coordinator; those that change something answer when it is agreed on.
 */
public final class CoordinatorCommands {

  private static final int EVENTS = 10;

  private final ConfigGroup group;

  public CoordinatorCommands(ConfigGroup group) {
    this.group = group;
  }

  /** The handlers by command. */
  public Map<String, CommandHandler> handlers() {
    return Map.of(
        "cluster.addcoordinator", new AdminHandler(3, 3, this::add),
        "cluster.removecoordinator",
            new AdminHandler(2, 2, request -> settle(request, group.remove(request.text(1)))),
        "cluster.transferleader", new AdminHandler(1, 2, this::transfer),
        "cluster.events", new AdminHandler(1, 2, this::events));
  }

  private void add(AdminRequest request) {
    String id = request.text(1);
    if (!id.matches("[A-Za-z0-9._-]{1,64}")) {
      request.fail("ERR an id is 1 to 64 letters, digits, '-', '_', '.'");
      return;
    }
    try {
      settle(request, group.add(id, Address.node(request.text(2))));
    } catch (InvalidTopologyException e) {
      request.fail("ERR " + e.getMessage());
    }
  }

  private void transfer(AdminRequest request) {
    Optional<String> to = request.count() == 2 ? Optional.of(request.text(1)) : Optional.empty();
    settle(request, group.transferLeader(to));
  }

  private static void settle(AdminRequest request, CompletableFuture<MembershipOutcome> outcome) {
    request.later(
        outcome,
        found -> {
          switch (found) {
            case MembershipOutcome.Done done -> request.reply(describe(done.view()));
            case MembershipOutcome.Refused refused -> request.fail("ERR " + refused.reason());
            case MembershipOutcome.Unavailable away ->
                request.fail("UNAVAILABLE " + away.reason() + leader(away.leader()));
            case MembershipOutcome.Unknown unknown ->
                request.fail("UNCERTAIN " + unknown.reason() + leader(unknown.leader()));
          }
        });
  }

  private static String leader(Optional<Member> leader) {
    return leader.map(member -> "; the leader is " + member).orElse("; no leader is known");
  }

  /** The group as KV.HEALTH shows it. */
  static Map<String, Object> describe(GroupView view) {
    Map<String, Object> entry = new LinkedHashMap<>();
    entry.put("coordinator", view.self());
    entry.put("leader", view.leader().map(Member::id).orElse(""));
    entry.put("term", view.term());
    entry.put("applied-index", view.applied());
    entry.put("member", view.isMember());
    entry.put("members", view.members().stream().map(CoordinatorCommands::describe).toList());
    return entry;
  }

  private static Object describe(Member member) {
    Map<String, Object> entry = new LinkedHashMap<>();
    entry.put("id", member.id());
    entry.put("address", member.address().toString());
    return entry;
  }

  private void events(AdminRequest request) {
    String limit = request.count() == 2 ? request.text(1) : String.valueOf(EVENTS);
    if (!limit.matches("[0-9]{1,6}")) {
      request.fail(Errors.NOT_AN_INTEGER);
      return;
    }
    List<TopologyEvent> events = group.events(Integer.parseInt(limit));
    request.reply(events.stream().map(CoordinatorCommands::describe).toList());
  }

  private static Object describe(TopologyEvent event) {
    Map<String, Object> entry = new LinkedHashMap<>();
    entry.put("epoch", event.epoch());
    entry.put("time", event.time().toString());
    entry.put("change", event.change());
    entry.put("by", event.by());
    entry.put("cause", event.cause());
    entry.put("duration-ms", event.waited().toMillis());
    return entry;
  }
}
