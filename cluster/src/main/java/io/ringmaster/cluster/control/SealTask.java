package io.ringmaster.cluster.control;

import io.ringmaster.cluster.replication.Marker;
import io.ringmaster.cluster.topology.NodeId;
import io.ringmaster.cluster.topology.Shard;
import io.ringmaster.protocol.OwnRequest;
import io.ringmaster.protocol.Reply;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/**
 * Cuts a node off: it follows nobody that exists, and whoever is logged in as a user of the shard
 * is gone, so that it acknowledges nothing any more. It keeps its data and its place. Then it is
 * asked how far it is.
 */
final class SealTask implements AdminTask.Work {

  /** An address at which nobody listens. */
  static final List<String> NOBODY = List.of("127.0.0.1", "1");

  private static final String STALE = "replica-serve-stale-data";

  private final Host host;
  private final Shard shard;
  private final NodeId node;
  private final Consumer<Seal> sealed;
  private final Consumer<String> failed;

  SealTask(Host host, Shard shard, NodeId node, Consumer<Seal> sealed, Consumer<String> failed) {
    this.host = host;
    this.shard = shard;
    this.node = node;
    this.sealed = sealed;
    this.failed = failed;
  }

  @Override
  public boolean isWanted(String run) {
    return host.isAt(shard);
  }

  @Override
  public List<OwnRequest> batch(List<String> users) {
    List<OwnRequest> batch = new ArrayList<>();
    batch.add(OwnRequest.writing("REPLICAOF", NOBODY.getFirst(), NOBODY.getLast()));
    host.users().deleteAllOf(shard, users).ifPresent(batch::add);
    return batch;
  }

  @Override
  public void done(Conversation conversation) {
    conversation.ask(
        OwnRequest.reading("CONFIG", "GET", STALE),
        reply -> {
          boolean answers = Settings.of(reply).get(STALE).equals("yes");
          if (answers) {
            look(conversation, seal -> finish(conversation, seal));
          } else {
            lookInside(conversation);
          }
        });
  }

  /** It refuses to be read while it follows nobody: for a moment it must not. */
  private void lookInside(Conversation conversation) {
    conversation.ask(
        OwnRequest.writing("CONFIG", "SET", STALE, "yes"),
        set ->
            look(
                conversation,
                seal ->
                    conversation.ask(
                        OwnRequest.writing("CONFIG", "SET", STALE, "no"),
                        back -> finish(conversation, seal))));
  }

  private void look(Conversation conversation, Consumer<Seal> then) {
    List<OwnRequest> questions = new ArrayList<>(NodeReport.QUESTIONS);
    questions.add(OwnRequest.reading("HMGET", Marker.KEY, "epoch", "n"));
    questions.add(OwnRequest.reading("CONFIG", "GET", "append*"));
    questions.add(OwnRequest.reading("CONFIG", "GET", "no-appendfsync-on-rewrite"));
    conversation.ask(questions, replies -> then.accept(seal(conversation.runId(), replies)));
  }

  private Seal seal(String run, List<Reply> replies) {
    NodeReport report = NodeReport.of(run, replies.subList(0, 2));
    List<Reply> marker = replies.get(2).elements();
    boolean durable = Settings.of(replies.get(3)).isDurable(Settings.of(replies.get(4)));
    long epoch = number(marker.get(0));
    boolean sameRun = shard.isAdmitted(node, run) || durable;
    boolean remembers = shard.runs().isEmpty() || (sameRun && epoch > 0);
    return new Seal(
        node,
        run,
        remembers && !report.isLoading(),
        epoch,
        number(marker.get(1)),
        report.history(),
        report.offset());
  }

  private static long number(Reply reply) {
    return reply.text().isEmpty() ? 0 : Long.parseLong(reply.text());
  }

  private void finish(Conversation conversation, Seal seal) {
    conversation.end();
    sealed.accept(seal);
  }

  @Override
  public void failed(String reason) {
    failed.accept(reason);
  }

  /** What {@code CONFIG GET} answers. */
  private record Settings(Map<String, String> values) {

    static Settings of(Reply reply) {
      Map<String, String> values = new HashMap<>();
      List<Reply> elements = reply.elements();
      for (int i = 0; i + 1 < elements.size(); i += 2) {
        values.put(elements.get(i).text(), elements.get(i + 1).text());
      }
      return new Settings(values);
    }

    String get(String name) {
      return values.getOrDefault(name, "");
    }

    /** Whether nothing is answered before it is on disk. */
    boolean isDurable(Settings others) {
      return get("appendonly").equals("yes")
          && get("appendfsync").equals("always")
          && others.get("no-appendfsync-on-rewrite").equals("no");
    }
  }
}
