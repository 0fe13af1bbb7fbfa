package io.ringmaster.cluster.replication;

import io.ringmaster.cluster.topology.Keyspace;
import io.ringmaster.cluster.topology.PolicyName;
import io.ringmaster.cluster.topology.Shard;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;

/** The replication policy of each keyspace, by its name. Belongs to one event loop. */
public final class Policies {

  private final Map<PolicyName, ReplicationPolicy> known = new EnumMap<>(PolicyName.class);

  /**
   * Policies of these names.
   *
   * @throws IllegalArgumentException if a name that a keyspace may have is missing
   */
  public Policies(Map<PolicyName, ReplicationPolicy> policies) {
    known.putAll(policies);
    for (PolicyName name : PolicyName.values()) {
      if (!known.containsKey(name)) {
        throw new IllegalArgumentException("there is no policy " + name);
      }
    }
  }

  /** The policy that sends requests for the keys of {@code keyspace}. */
  public ReplicationPolicy of(Keyspace keyspace) {
    return Objects.requireNonNull(known.get(keyspace.policy()));
  }

  /** Whether a write to {@code shard} is under way, or its reply is not committed yet. */
  public boolean isBusy(Shard shard) {
    return known.values().stream().anyMatch(policy -> policy.isBusy(shard));
  }
}
