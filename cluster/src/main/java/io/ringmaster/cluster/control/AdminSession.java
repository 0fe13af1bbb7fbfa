package io.ringmaster.cluster.control;

import io.ringmaster.cluster.spi.AdminLink;
import io.ringmaster.cluster.topology.NodeId;
import io.ringmaster.protocol.OwnRequest;
import io.ringmaster.protocol.Reply;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Changes at one server that must not happen late. What an administrator has sent, and what hangs
 * somewhere in between, could undo what a later one has done: so a session takes a connection of
 * its own and logs in as the administrator of the term; ends all other connections of this and
 * earlier terms there; makes sure that its coordinator has led since then, and that the change is
 * still wanted; and then sends everything in one transaction, never again. What comes later on the
 * same connection cannot overtake it. A failure ends the session.
 */
final class AdminSession {

  /** Something to do on a server. */
  interface Work {

    /**
     * Whether the decision that it follows from still stands, by the newest topology, and for this
     * incarnation of the server.
     */
    boolean isWanted(String incarnation);

    /** Returns the questions to ask before. */
    default List<OwnRequest> questions() {
      return List.of();
    }

    /** Why it must not be done, by the answers of this incarnation; empty if it may. */
    default String objection(String incarnation, List<Reply> answers) {
      return "";
    }

    /** Returns the commands of one transaction; {@code users} are those that the server has. */
    List<OwnRequest> batch(List<String> users);

    /** Hears that it was done; the chain may go on, with questions. */
    void done(CommandChain chain);

    /** Hears that it was not done, or nobody knows; or that the chain has failed since. */
    void failed(String reason);
  }

  private static final String LATER =
      "a coordinator of a later term, or of a config group that was founded later, has been here";

  private final Host host;
  private final Term term;
  private final AdminLink link;
  private CommandChain chain;
  private @Nullable Work next;
  private boolean exclusive;
  private boolean present;
  private long lastBefore;
  private boolean ended;
  private String failure = "";

  AdminSession(Host host, NodeId node) {
    this.host = host;
    this.term = host.log().term();
    this.link = host.links().open(node);
    this.chain = CommandChain.on(link, this::loginFailed);
    logIn();
  }

  /** Whether it can be used in this term. */
  boolean isUsable() {
    return !ended && term.equals(host.log().term());
  }

  /** The incarnation of the server, once it has let this administrator in; empty until then. */
  String runId() {
    return present ? link.runId() : "";
  }

  /** Nothing is known of the server until it has answered again. What was begun ends. */
  void greet() {
    present = false;
    next = null;
    if (exclusive && !ended) {
      chain.end();
      chain = CommandChain.on(link, reason -> end());
      chain.ask(OwnRequest.reading("PING"), pong -> present = true);
    }
  }

  /** Does {@code work} once it can. What was done before is not gone on with. */
  void run(Work work) {
    if (ended) {
      work.failed(failure);
    } else if (exclusive) {
      begin(work);
    } else {
      next = work;
    }
  }

  private void logIn() {
    EpochUsers.Login login = host.users().administrator(term);
    chain.ask(
        host.users().createAdministrator(term),
        created ->
            chain.ask(
                OwnRequest.writing("AUTH", login.user(), login.password()),
                loggedIn -> endOthers(login.user())));
  }

  private void endOthers(String self) {
    chain.ask(
        List.of(
            OwnRequest.writing("CLIENT", "KILL", "USER", self, "SKIPME", "yes"),
            OwnRequest.reading("ACL", "USERS")),
        replies -> endEarlier(texts(replies.get(1))));
  }

  private void endEarlier(List<String> users) {
    if (hasLaterTerm(users)) {
      chain.fail(LATER);
      return;
    }
    Optional<OwnRequest> deletion = host.users().deleteBefore(term, users);
    if (deletion.isPresent()) {
      chain.ask(deletion.get(), deleted -> becomeExclusive());
    } else {
      becomeExclusive();
    }
  }

  private void becomeExclusive() {
    exclusive = true;
    present = true;
    lastBefore = host.log().proposals().last();
    Work waiting = next;
    if (waiting != null) {
      begin(waiting);
    }
  }

  private void begin(Work work) {
    next = work;
    chain.end();
    CommandChain own =
        CommandChain.on(
            link,
            reason -> {
              end();
              work.failed(reason);
            });
    chain = own;
    List<OwnRequest> questions = new ArrayList<>();
    questions.add(OwnRequest.reading("ACL", "USERS"));
    questions.addAll(work.questions());
    own.ask(questions, replies -> look(work, own, replies));
  }

  private void look(Work work, CommandChain own, List<Reply> replies) {
    List<String> users = texts(replies.getFirst());
    String objection =
        hasLaterTerm(users)
            ? LATER
            : work.objection(link.runId(), replies.subList(1, replies.size()));
    if (!objection.isEmpty()) {
      own.fail(objection);
    } else {
      confirm(
          leads -> {
            if (!own.isOpen()) {
              return;
            }
            if (leads && work.isWanted(link.runId())) {
              send(work, own, users);
            } else {
              own.fail("it is not wanted any more");
            }
          });
    }
  }

  /** A change of this term that was proposed since then, and made, tells as much as a question. */
  private void confirm(Consumer<Boolean> then) {
    if (host.log().proposals().confirmed(term) > lastBefore) {
      then.accept(host.log().term().equals(term));
    } else {
      host.log().confirm(term, then);
    }
  }

  private void send(Work work, CommandChain own, List<String> users) {
    List<OwnRequest> transaction = new ArrayList<>();
    transaction.add(OwnRequest.writing("MULTI"));
    transaction.addAll(work.batch(users));
    transaction.add(OwnRequest.writing("EXEC"));
    own.ask(transaction, replies -> work.done(own));
  }

  private boolean hasLaterTerm(List<String> users) {
    return users.stream().anyMatch(user -> EpochUsers.termOf(user).compareTo(term) > 0);
  }

  private static List<String> texts(Reply array) {
    return array.elements().stream().map(Reply::text).toList();
  }

  private void loginFailed(String reason) {
    failure = reason;
    end();
    Work waiting = next;
    if (waiting != null) {
      waiting.failed(reason);
    }
  }

  /** Ends it without telling anybody. */
  void end() {
    if (!ended) {
      ended = true;
      chain.end();
      link.close();
    }
  }
}
