package io.ringmaster.proxy.dispatch;

import io.ringmaster.cluster.replication.ReplicaCounter;
import io.ringmaster.cluster.replication.ReplicaListener;
import io.ringmaster.cluster.topology.Shard;
import io.ringmaster.cluster.topology.Topology;
import io.ringmaster.protocol.codec.RequestFrame;
import io.ringmaster.protocol.command.CommandSpec;
import io.ringmaster.proxy.frontend.ClientConnection;
import io.ringmaster.proxy.frontend.PendingReply;
import java.nio.charset.StandardCharsets;
import java.util.OptionalLong;
import java.util.function.Supplier;

/**
 * {@code WAIT n timeout}: how many replicas hold everything that this client has been told, in the
 * shard where they are fewest. It rests on a barrier, as WAIT itself knows of the writes of its own
 * connection only. Once the topology has changed it cannot tell: what another leader lost, the new
 * one does not know.
 */
public final class WaitHandler implements CommandHandler {

  private static final int MOST_REPLICAS = 1_000_000;

  private final Supplier<Topology> topology;
  private final ReplicaCounter replicas;

  public WaitHandler(Supplier<Topology> topology, ReplicaCounter replicas) {
    this.topology = topology;
    this.replicas = replicas;
  }

  @Override
  public boolean waitsForReplies() {
    return true;
  }

  @Override
  public void handle(
      ClientConnection client, CommandSpec command, RequestFrame request, Route route) {
    PendingReply place = client.open(request.frameLength(), true);
    OptionalLong wanted = integer(request, 1);
    OptionalLong timeout = integer(request, 2);
    if (wanted.isEmpty()) {
      place.fail("ERR value is not an integer or out of range");
    } else if (timeout.isEmpty()) {
      place.fail("ERR timeout is not an integer or out of range");
    } else if (timeout.getAsLong() < 0) {
      place.fail("ERR timeout is negative");
    } else {
      count(place, Math.clamp(wanted.getAsLong(), 0, MOST_REPLICAS), timeout.getAsLong());
    }
  }

  private void count(PendingReply place, int wanted, long timeoutMillis) {
    Topology current = topology.get();
    long wroteUnder = place.client().session().takeWroteUnder();
    if (wroteUnder != 0 && wroteUnder != current.epoch()) {
      place.fail("UNAVAILABLE shards have changed since the writes, which may be gone");
      return;
    }
    Fewest fewest = new Fewest(place, current.shards().size(), wanted, wroteUnder);
    for (Shard shard : current.shards()) {
      Counting counting = new Counting(shard, fewest);
      if (shard.isServing()) {
        replicas.countReplicas(shard, wanted, timeoutMillis, counting);
      } else {
        counting.failed("it has no leader");
      }
    }
  }

  /** Whether requests are still sent to the leader that {@code shard} has. */
  private boolean isServed(Shard shard) {
    return topology.get().shards().stream()
        .anyMatch(
            now -> now.id().equals(shard.id()) && now.epoch() == shard.epoch() && now.isServing());
  }

  private static OptionalLong integer(RequestFrame request, int index) {
    String text = new String(request.bytes(index), StandardCharsets.ISO_8859_1);
    return text.matches("0|-?[1-9][0-9]{0,17}")
        ? OptionalLong.of(Long.parseLong(text))
        : OptionalLong.empty();
  }

  /** The count of one shard. */
  private final class Counting implements ReplicaListener {
    private final Shard shard;
    private final Fewest fewest;

    Counting(Shard shard, Fewest fewest) {
      this.shard = shard;
      this.fewest = fewest;
    }

    @Override
    public void counted(int replicas) {
      if (replicas >= fewest.wanted || isServed(shard)) {
        fewest.counted(replicas);
      } else {
        failed("it changes its leader");
      }
    }

    @Override
    public void failed(String reason) {
      fewest.failed("shard " + shard.id() + ": " + reason);
    }

    @Override
    public boolean isWanted() {
      return fewest.isWanted() && isServed(shard);
    }
  }

  /** Settles the reply when the last shard has answered, or one cannot. */
  private static final class Fewest {
    private final PendingReply place;
    private final int wanted;
    private final long wroteUnder;
    private int missing;
    private int replicas = Integer.MAX_VALUE;

    Fewest(PendingReply place, int missing, int wanted, long wroteUnder) {
      this.place = place;
      this.missing = missing;
      this.wanted = wanted;
      this.wroteUnder = wroteUnder;
    }

    void counted(int count) {
      replicas = Math.min(replicas, count);
      if (--missing == 0) {
        if (replicas < wanted) {
          keepForNextTime();
        }
        place.settleWith(reply -> reply.integer(replicas));
      }
    }

    void failed(String reason) {
      if (missing > 0) {
        missing = 0;
        keepForNextTime();
        place.fail("UNAVAILABLE replicas cannot be counted: " + reason);
      }
    }

    /** The next WAIT asks for the same writes. */
    private void keepForNextTime() {
      if (wroteUnder != 0) {
        place.client().session().takeWroteUnder();
        place.client().session().wroteUnder(wroteUnder);
      }
    }

    boolean isWanted() {
      return missing > 0 && !place.client().isClosed();
    }
  }
}
