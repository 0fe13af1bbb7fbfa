package io.ringmaster.cluster.control;

import io.ringmaster.cluster.topology.Shard;
import io.ringmaster.protocol.OwnRequest;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/**
 * Makes the chosen node the leader: it follows nobody, knows the users of the epoch, lets nobody
 * write or follow who does not come as one of these, and its marker begins the epoch.
 */
final class PromoteTask implements AdminSession.Work {

  private final Host host;
  private final Shard shard;
  private final Runnable promoted;
  private final Consumer<String> failed;

  PromoteTask(Host host, Shard shard, Runnable promoted, Consumer<String> failed) {
    this.host = host;
    this.shard = shard;
    this.promoted = promoted;
    this.failed = failed;
  }

  @Override
  public boolean isWanted(String incarnation) {
    return host.isAt(shard) && shard.isIntact(shard.leader().id(), incarnation);
  }

  @Override
  public List<OwnRequest> batch(List<String> users) {
    List<OwnRequest> batch = new ArrayList<>();
    host.users().deleteAllOf(shard, users).ifPresent(batch::add);
    batch.addAll(host.users().create(shard));
    batch.addAll(host.users().shutOthersOut(users));
    batch.add(OwnRequest.writing("CLIENT", "KILL", "TYPE", "replica"));
    batch.add(OwnRequest.writing("REPLICAOF", "NO", "ONE"));
    return batch;
  }

  @Override
  public void done(CommandChain chain) {
    chain.ask(
        host.marker().begin(shard.epoch()),
        begun -> {
          chain.end();
          promoted.run();
        });
  }

  @Override
  public void failed(String reason) {
    failed.accept(reason);
  }
}
