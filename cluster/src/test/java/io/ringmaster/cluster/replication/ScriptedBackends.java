package io.ringmaster.cluster.replication;

import io.ringmaster.cluster.spi.BackendFailure;
import io.ringmaster.cluster.spi.Backends;
import io.ringmaster.cluster.spi.Lane;
import io.ringmaster.cluster.spi.NodeStatus;
import io.ringmaster.cluster.spi.ReplyCallback;
import io.ringmaster.cluster.spi.Scheduler;
import io.ringmaster.cluster.topology.NodeId;
import io.ringmaster.cluster.topology.Shard;
import io.ringmaster.protocol.ProtocolVersion;
import io.ringmaster.protocol.Reply;
import io.ringmaster.protocol.Request;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Servers that answer what the test tells them to, and a clock that moves when it says so. */
final class ScriptedBackends implements Backends, Scheduler, BarrierCounters, NodeStatus {

  /** One request that waits for its answer. */
  record Sent(
      NodeId node, Lane lane, String text, ReplyCallback callback, List<Runnable> arrivals) {
    void reply(char type, String text) {
      arrivals.forEach(Runnable::run);
      callback.onReply(new TextReply((byte) type, text));
    }
  }

  private record Timer(long due, Runnable task) {}

  record TextReply(byte type, String text) implements Reply {
    @Override
    public int length() {
      return text.length() + 3;
    }

    @Override
    public String firstLine() {
      return text;
    }

    @Override
    public Reply detached() {
      return this;
    }
  }

  final Set<NodeId> fresh = new HashSet<>();
  final Map<NodeId, Long> latencies = new HashMap<>();
  final List<String> fenced = new ArrayList<>();
  final Map<Lane, String> runs = new HashMap<>();
  final Map<Lane, Lane> detours = new HashMap<>();
  private final ArrayDeque<Sent> data = new ArrayDeque<>();
  private final ArrayDeque<Sent> barriers = new ArrayDeque<>();
  private final ArrayDeque<Runnable> tasks = new ArrayDeque<>();
  private final List<Timer> timers = new ArrayList<>();
  private final List<LossListener> listeners = new ArrayList<>();
  private final List<Runnable> arrivals = new ArrayList<>();
  private final Map<NodeId, MessageListener> channels = new HashMap<>();
  String unfit = "";
  boolean exhausted;
  int lostHistories;
  int heldReplies;
  int shortBarriers;
  int revokedReplies;
  private long millis;

  @Override
  public void send(NodeId node, Lane lane, Request request, ReplyCallback callback) {
    boolean isBarrier = lane.equals(Lane.BARRIER);
    (isBarrier ? barriers : data).add(new Sent(node, lane, "" + request, callback, arrivals));
  }

  @Override
  public Lane passable(NodeId node, Lane lane) {
    return lane.isLent() ? lane : detours.getOrDefault(lane.shared(), lane.shared());
  }

  @Override
  public String runId(NodeId node, Lane lane) {
    return runs.getOrDefault(lane, "run-1");
  }

  @Override
  public void fence(NodeId node, String reason) {
    fenced.add(reason);
  }

  @Override
  public void onLoss(LossListener listener) {
    listeners.add(listener);
  }

  @Override
  public void onArrival(Runnable listener) {
    arrivals.add(listener);
  }

  @Override
  public void subscribe(NodeId node, String channel, MessageListener listener) {
    channels.put(node, listener);
  }

  @Override
  public void unsubscribe(NodeId node, String channel) {
    channels.remove(node);
  }

  @Override
  public String newName() {
    return "name";
  }

  /** What a group of replies works with. */
  CommitGroup.Means means() {
    BarrierSettings settings = new BarrierSettings(100, 1000, true, new Marker(15));
    return new CommitGroup.Means(this, this, settings, this, new ArrivalTime(this));
  }

  /** {@code node} has come to the advance of that sequence. */
  void publish(NodeId node, long sequence) {
    MessageListener listener = channels.get(node);
    if (listener != null) {
      listener.onMessage("" + sequence);
    }
  }

  void lose(NodeId node) {
    lose(node, Lane.data(0, ProtocolVersion.RESP2));
  }

  void lose(NodeId node, Lane lane) {
    listeners.forEach(listener -> listener.lost(node, lane, "connection lost"));
  }

  @Override
  public long micros() {
    return millis * 1000;
  }

  /** Time passes, and with it what was to be done in that time. */
  void pass(long more) {
    millis += more;
    for (Timer timer : List.copyOf(timers)) {
      if (timer.due() <= millis) {
        timers.remove(timer);
        timer.task().run();
      }
    }
  }

  @Override
  public void schedule(long delayMillis, Runnable task) {
    timers.add(new Timer(millis + delayMillis, task));
  }

  @Override
  public void afterThis(Runnable task) {
    if (exhausted) {
      throw new OutOfMemoryError("on purpose");
    }
    tasks.add(task);
  }

  /** All events at hand have been handled. */
  void endIteration() {
    for (int i = tasks.size(); i > 0; i--) {
      tasks.remove().run();
    }
  }

  Sent nextData() {
    return data.remove();
  }

  Sent nextBarrierRequest() {
    return barriers.remove();
  }

  int dataRequests() {
    return data.size();
  }

  int barrierRequests() {
    return barriers.size();
  }

  /** Answers the three requests of a barrier. */
  void answerBarrier(long number, int replicas, long epoch) {
    barriers.remove().reply(':', "" + number);
    barriers.remove().reply(':', "" + replicas);
    barriers.remove().reply('$', epoch + " " + number);
  }

  /** Answers where the leader is before a barrier waits again for the first time. */
  void answerPlace(long offset) {
    barriers.remove().reply('$', "master_repl_offset:" + offset + "\n");
  }

  /** Answers the three requests by which a barrier of epoch 1 waits again. */
  void answerWait(int said, String replicas) {
    barriers.remove().reply(':', "" + said);
    barriers.remove().reply('$', replicas + "\nmaster_repl_offset:70\n");
    barriers.remove().reply('$', "1 1");
  }

  /** The leader refuses to advance the marker. */
  void refuseBarrier(String error) {
    barriers.remove().reply('-', error);
    barriers.remove().reply(':', "0");
    barriers.remove().reply('$', "0 0");
  }

  void failBarrier() {
    List<Sent> all = List.copyOf(barriers);
    barriers.clear();
    for (Sent sent : all) {
      sent.callback().onFailure(BackendFailure.OUTCOME_UNKNOWN, sent.node(), "gone");
    }
  }

  @Override
  public void begun() {}

  @Override
  public void unleased() {}

  @Override
  public void held(int replies) {
    heldReplies += replies;
  }

  @Override
  public void shortOfReplicas() {
    shortBarriers++;
  }

  @Override
  public void revoked(int replies) {
    revokedReplies += replies;
  }

  @Override
  public void historyLost(Shard shard) {
    lostHistories++;
  }

  @Override
  public boolean isFresh(NodeId node) {
    return fresh.contains(node);
  }

  @Override
  public long latencyMicros(NodeId node) {
    return latencies.getOrDefault(node, Long.MAX_VALUE);
  }

  @Override
  public String unfit(NodeId node) {
    return unfit;
  }
}
