package io.ringmaster.cluster.control;

import io.ringmaster.cluster.topology.MarkerPosition;
import io.ringmaster.cluster.topology.NodeId;
import io.ringmaster.cluster.topology.Shard;
import io.ringmaster.cluster.topology.ShardState;
import io.ringmaster.protocol.OwnRequest;
import io.ringmaster.protocol.Reply;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/**
 * Cuts a node off: it follows nobody that exists, and whoever is logged in as a user of the shard
 * is gone, so that it acknowledges nothing any more. It keeps its data and its place. Then it is
 * asked how far it is.
 */
final class SealTask implements AdminSession.Work {

  private static final String STALE = "replica-serve-stale-data";

  private final Host host;
  private final Shard shard;
  private final NodeId node;
  private final Consumer<Seal> sealed;
  private final Consumer<String> failed;
  private boolean answersReaders;
  // Whether it writes to disk before it answers, by its settings as they are now.
  private boolean durable;

  SealTask(Host host, Shard shard, NodeId node, Consumer<Seal> sealed, Consumer<String> failed) {
    this.host = host;
    this.shard = shard;
    this.node = node;
    this.sealed = sealed;
    this.failed = failed;
  }

  @Override
  public List<OwnRequest> questions() {
    List<OwnRequest> questions = new ArrayList<>(NodeReport.QUESTIONS);
    questions.addAll(Durability.QUESTIONS);
    questions.add(OwnRequest.reading("CONFIG", "GET", STALE));
    return questions;
  }

  /** A node that is trusted to have kept everything is, as long as it is left as it is. */
  @Override
  public String objection(String incarnation, List<Reply> answers) {
    answersReaders = answers.getLast().elements().getLast().text().equals("yes");
    NodeReport report = NodeReport.of(incarnation, answers.subList(0, 2));
    durable = report.appends() && Durability.of(answers.subList(2, answers.size()));
    boolean copies =
        shard.durable().filter(kept -> kept.trusts(node)).isPresent()
            && !shard.isIntact(node, incarnation)
            && shard.state() != ShardState.FORCED
            && report.followsSomebody();
    return copies
        ? "its configuration file makes it a replica, so that it may have lost what it had kept"
        : "";
  }

  /** Makes a node a replica of an address at which nobody listens. */
  static OwnRequest followNobody() {
    return OwnRequest.writing("REPLICAOF", NodeReport.NOBODY.host(), "" + NodeReport.NOBODY.port());
  }

  @Override
  public boolean isWanted(String incarnation) {
    return host.isAt(shard);
  }

  @Override
  public List<OwnRequest> batch(List<String> users) {
    List<OwnRequest> batch = new ArrayList<>();
    batch.add(followNobody());
    host.users().deleteAllOf(shard, users).ifPresent(batch::add);
    return batch;
  }

  /** A server that refuses to be read while it follows nobody must not for a moment. */
  @Override
  public void done(CommandChain chain) {
    List<OwnRequest> questions = new ArrayList<>(NodeReport.QUESTIONS);
    questions.add(host.marker().read());
    if (!answersReaders) {
      questions.addFirst(OwnRequest.writing("CONFIG", "SET", STALE, "yes"));
      questions.addLast(OwnRequest.writing("CONFIG", "SET", STALE, "no"));
    }
    int first = answersReaders ? 0 : 1;
    chain.ask(
        questions,
        replies -> {
          Seal seal = seal(chain.runId(), replies.subList(first, first + 3));
          chain.end();
          sealed.accept(seal);
        });
  }

  private Seal seal(String incarnation, List<Reply> replies) {
    NodeReport report = NodeReport.of(incarnation, replies.subList(0, 2));
    MarkerPosition marker = MarkerPosition.parse(replies.get(2).text());
    boolean admitted = shard.isIntact(node, incarnation);
    boolean keeps = isDurableOn(marker);
    boolean remembers = !shard.hasServed() || (admitted && marker.exists()) || keeps;
    return new Seal(
        node,
        incarnation,
        admitted,
        report.isLoading(),
        remembers && !report.isLoading(),
        keeps && !report.isLoading(),
        marker,
        report.history(),
        report.offset());
  }

  /**
   * Even where every answer waits for the disk a restart may forget: after a full copy a replica
   * answers while its file is still being written anew, and until then the old one counts. So only
   * who has led with a whole file remembers, or whose marker shows what the file had. Of a leader
   * it takes that it still writes before it answers: the file that it was started with may be
   * another one than it had written.
   */
  private boolean isDurableOn(MarkerPosition marker) {
    boolean kept = shard.isDurableOn(node, marker);
    boolean trusted = shard.durable().filter(by -> by.trusts(node)).isPresent();
    return kept
        && (!trusted
            || (durable && marker.hasReached(host.log().reports().furthestMarker(shard.id()))));
  }

  @Override
  public void failed(String reason) {
    failed.accept(reason);
  }
}
