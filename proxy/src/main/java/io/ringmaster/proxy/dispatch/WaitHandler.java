package io.ringmaster.proxy.dispatch;

import io.ringmaster.cluster.replication.LeaderPolicy;
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
  private final LeaderPolicy policy;

  public WaitHandler(Supplier<Topology> topology, LeaderPolicy policy) {
    this.topology = topology;
    this.policy = policy;
  }

  @Override
  public boolean waitsForReplies() {
    return true;
  }

  @Override
  public void handle(ClientConnection client, CommandSpec command, RequestFrame request) {
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
      policy.countReplicas(shard, wanted, timeoutMillis, fewest);
    }
  }

  private static OptionalLong integer(RequestFrame request, int index) {
    String text = new String(request.bytes(index), StandardCharsets.ISO_8859_1);
    return text.matches("0|-?[1-9][0-9]{0,17}")
        ? OptionalLong.of(Long.parseLong(text))
        : OptionalLong.empty();
  }

  /** Settles the reply when the last shard has answered. */
  private static final class Fewest implements ReplicaListener {
    private final PendingReply place;
    private final int wanted;
    private final long wroteUnder;
    private int missing;
    private int replicas = Integer.MAX_VALUE;
    private String failure = "";

    Fewest(PendingReply place, int missing, int wanted, long wroteUnder) {
      this.place = place;
      this.missing = missing;
      this.wanted = wanted;
      this.wroteUnder = wroteUnder;
    }

    @Override
    public void counted(int count) {
      replicas = Math.min(replicas, count);
      arrived();
    }

    @Override
    public void failed(String reason) {
      failure = reason;
      arrived();
    }

    private void arrived() {
      if (--missing > 0) {
        return;
      }
      if (wroteUnder != 0 && (!failure.isEmpty() || replicas < wanted)) {
        // The next WAIT asks for the same writes.
        place.client().session().takeWroteUnder();
        place.client().session().wroteUnder(wroteUnder);
      }
      if (failure.isEmpty()) {
        place.settleWith(reply -> reply.integer(replicas));
      } else {
        place.fail("UNAVAILABLE replicas cannot be counted: " + failure);
      }
    }

    @Override
    public boolean isWanted() {
      return !place.client().isClosed();
    }
  }
}
