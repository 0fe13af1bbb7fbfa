package io.ringmaster.proxy;

import io.ringmaster.cluster.control.EpochUsers;
import io.ringmaster.cluster.control.EpochUsers.Login;
import io.ringmaster.cluster.control.EpochUsers.Role;
import io.ringmaster.cluster.spi.Lane;
import io.ringmaster.cluster.topology.NodeId;
import io.ringmaster.cluster.topology.Shard;
import io.ringmaster.cluster.topology.Topology;
import io.ringmaster.proxy.backend.Logins;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Logs in as the user of the epoch that the node's shard is in. */
final class EpochLogins implements Logins {

  private final Supplier<Topology> topology;
  private final EpochUsers users;
  private final Logins administrators;

  EpochLogins(Supplier<Topology> topology, EpochUsers users, Logins administrators) {
    this.topology = topology;
    this.users = users;
    this.administrators = administrators;
  }

  @Override
  public @Nullable Login login(NodeId node, Lane.Purpose purpose) {
    return switch (purpose) {
      case DATA -> login(node, Role.DATA);
      case BARRIER, WAIT, LISTEN -> login(node, Role.INTERNAL);
      case ADMIN -> administrators.login(node, purpose);
    };
  }

  /** Users that somebody has saved would be known to a server that was restarted, too. */
  @Override
  public boolean admits(NodeId node, Lane.Purpose purpose, String runId) {
    return purpose == Lane.Purpose.ADMIN
        || shard(node).filter(shard -> shard.isIntact(node, runId)).isPresent();
  }

  private Optional<Shard> shard(NodeId node) {
    return topology.get().shards().stream().filter(candidate -> candidate.has(node)).findFirst();
  }

  private @Nullable Login login(NodeId node, Role role) {
    return shard(node).map(found -> users.login(found, role)).orElse(null);
  }
}
