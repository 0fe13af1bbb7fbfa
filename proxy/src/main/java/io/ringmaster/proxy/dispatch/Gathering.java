package io.ringmaster.proxy.dispatch;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.ringmaster.cluster.spi.BackendFailure;
import io.ringmaster.cluster.topology.Shard;
import io.ringmaster.protocol.codec.ReplyWriter;
import io.ringmaster.proxy.frontend.FailureText;
import io.ringmaster.proxy.frontend.PendingReply;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/**
 * The parts of one request that went to several shards, made into one reply when all have come. If
 * a part of a change failed, the reply tells which shards are done and of which it is not known.
 */
final class Gathering {

  /** Makes one reply of those of all parts, none of which failed. */
  @FunctionalInterface
  interface Merger {
    void merge(List<Part> parts, ByteBuf out, ReplyWriter writer);
  }

  private final PendingReply place;
  private final String command;
  private final boolean readOnly;
  private final Merger merger;
  private final List<Part> parts;
  private Runnable ended = () -> {};
  private int missing;

  /** A gathering of {@code expected} parts, all of which are added before any is sent. */
  Gathering(PendingReply place, String command, boolean readOnly, int expected, Merger merger) {
    this.place = place;
    this.command = command;
    this.readOnly = readOnly;
    this.merger = merger;
    this.parts = new ArrayList<>(expected);
    this.missing = expected;
  }

  /** The callback for the next part. */
  Part part(Shard shard) {
    Part part = new Part(this, shard);
    parts.add(part);
    return part;
  }

  /**
   * {@code listener} runs once all parts have been answered or failed, before the client is
   * answered.
   */
  void onEnd(Runnable listener) {
    ended = listener;
  }

  void arrived() {
    if (--missing > 0) {
      return;
    }
    try {
      ended.run();
      if (parts.stream().allMatch(Part::isDone)) {
        merge();
      } else {
        place.fail(failure());
      }
    } finally {
      parts.forEach(Part::release);
    }
  }

  private void merge() {
    ByteBuf out = Unpooled.EMPTY_BUFFER;
    try {
      out = place.client().allocate();
      merger.merge(
          parts, out, new ReplyWriter(out, place.client().session().preferences().version()));
    } catch (Throwable nonsense) {
      // Whatever a server answers, the client gets a reply and the server's other requests go on.
      place.client().frontend().loop().faults().caught("merging replies to " + command, nonsense);
      out.release();
      place.fail(
          (readOnly ? "UNAVAILABLE " : "UNCERTAIN ")
              + command
              + ": the shards' replies could not be merged");
      return;
    }
    place.settleOwned(out);
  }

  private String failure() {
    boolean nothingChanged = parts.stream().noneMatch(part -> part.isDone() || part.isUnknown());
    Part worst = parts.stream().filter(part -> !part.isDone()).findFirst().orElseThrow();
    if (!readOnly && !nothingChanged) {
      return "UNCERTAIN "
          + command
          + shards(" was executed on ", Part::isDone)
          + shards("; not on ", part -> !part.isDone() && !part.isUnknown())
          + shards("; unknown on ", Part::isUnknown);
    }
    BackendFailure kind = worst.failure();
    return kind == null
        ? worst.trouble()
        : FailureText.of(kind, readOnly, "shard " + worst.shard().id(), worst.trouble());
  }

  private String shards(String prefix, Predicate<Part> which) {
    String names =
        parts.stream()
            .filter(which)
            .map(
                part ->
                    part.isDone()
                        ? part.shard().id()
                        : part.shard().id() + " (" + part.trouble() + ")")
            .collect(Collectors.joining(", "));
    return names.isEmpty() ? "" : prefix + names;
  }
}
