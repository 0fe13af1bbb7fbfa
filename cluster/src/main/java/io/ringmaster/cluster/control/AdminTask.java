package io.ringmaster.cluster.control;

import io.ringmaster.cluster.topology.NodeId;
import io.ringmaster.protocol.OwnRequest;
import io.ringmaster.protocol.Reply;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Changes at one server that must not happen late. What an administrator has sent, and what hangs
 * somewhere in between, could undo what a later one has done: so each task takes a connection of
 * its own and logs in as the administrator of the term; ends all other connections of this and
 * earlier terms there; makes sure that its coordinator still leads and that the change is still
 * wanted; and then sends everything in one transaction, never again.
 */
final class AdminTask {

  /** What is to be done. */
  interface Work {

    /**
     * Whether the decision that it follows from still stands, by the newest topology, and for this
     * run of the server.
     */
    boolean isWanted(String run);

    /** What to ask before. */
    default List<OwnRequest> questions() {
      return List.of();
    }

    /** Why it must not be done, by the answers of this run; empty if it may. */
    default String objection(String run, List<Reply> answers) {
      return "";
    }

    /** What is sent in one transaction; {@code users} are those that the server has. */
    List<OwnRequest> batch(List<String> users);

    /** It was done. The conversation may go on, with questions. */
    void done(Conversation conversation);

    /** It was not done, or nobody knows. */
    void failed(String reason);
  }

  private final Host host;
  private final long term;
  private final Work work;
  private final Conversation conversation;

  private AdminTask(Host host, NodeId node, Work work) {
    this.host = host;
    this.term = host.log().term();
    this.work = work;
    this.conversation = new Conversation(host.links().open(node), work::failed);
  }

  static void start(Host host, NodeId node, Work work) {
    new AdminTask(host, node, work).logIn();
  }

  private void logIn() {
    EpochUsers.Login login = host.users().administrator(term);
    conversation.ask(
        host.users().createAdministrator(term),
        created ->
            conversation.ask(
                OwnRequest.writing("AUTH", login.user(), login.password()),
                loggedIn -> endOthers(login.user())));
  }

  private void endOthers(String self) {
    List<OwnRequest> requests = new ArrayList<>();
    requests.add(OwnRequest.writing("CLIENT", "KILL", "USER", self, "SKIPME", "yes"));
    requests.add(OwnRequest.reading("ACL", "USERS"));
    requests.addAll(work.questions());
    conversation.ask(requests, this::look);
  }

  private void look(List<Reply> replies) {
    String objection = work.objection(conversation.runId(), replies.subList(2, replies.size()));
    if (objection.isEmpty()) {
      endEarlier(replies.get(1).elements().stream().map(Reply::text).toList());
    } else {
      conversation.fail(objection);
    }
  }

  private void endEarlier(List<String> users) {
    if (users.stream().anyMatch(user -> EpochUsers.termOf(user) > term)) {
      conversation.fail("a later term has been here");
      return;
    }
    Optional<OwnRequest> deletion = host.users().deleteBefore(term, users);
    if (deletion.isPresent()) {
      conversation.ask(deletion.get(), deleted -> confirm(users));
    } else {
      confirm(users);
    }
  }

  private void confirm(List<String> users) {
    host.log()
        .confirm(
            term,
            leads -> {
              if (leads && work.isWanted(conversation.runId())) {
                send(users);
              } else {
                conversation.fail("it is not wanted any more");
              }
            });
  }

  private void send(List<String> users) {
    List<OwnRequest> transaction = new ArrayList<>();
    transaction.add(OwnRequest.writing("MULTI"));
    transaction.addAll(work.batch(users));
    transaction.add(OwnRequest.writing("EXEC"));
    conversation.ask(transaction, replies -> work.done(conversation));
  }
}
