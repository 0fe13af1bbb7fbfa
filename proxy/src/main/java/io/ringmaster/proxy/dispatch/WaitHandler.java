package io.ringmaster.proxy.dispatch;

import io.ringmaster.cluster.replication.LeaderPolicy;
import io.ringmaster.cluster.replication.ReplicaListener;
import io.ringmaster.cluster.topology.Shard;
import io.ringmaster.protocol.codec.RequestFrame;
import io.ringmaster.protocol.command.CommandSpec;
import io.ringmaster.proxy.frontend.ClientConnection;
import io.ringmaster.proxy.frontend.PendingReply;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.OptionalLong;
import java.util.function.Supplier;

/**
 * {@code WAIT n timeout}: how many replicas hold everything that this client has been told, in the
 * shard where they are fewest. It rests on a barrier, as WAIT itself knows of the writes of its own
 * connection only.
 */
public final class WaitHandler implements CommandHandler {

  private static final int MOST_REPLICAS = 1_000_000;

  private final Supplier<List<Shard>> shards;
  private final LeaderPolicy policy;

  public WaitHandler(Supplier<List<Shard>> shards, LeaderPolicy policy) {
    this.shards = shards;
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
    List<Shard> all = shards.get();
    Fewest fewest = new Fewest(place, all.size());
    for (Shard shard : all) {
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
    private int missing;
    private int replicas = Integer.MAX_VALUE;
    private String failure = "";

    Fewest(PendingReply place, int missing) {
      this.place = place;
      this.missing = missing;
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
