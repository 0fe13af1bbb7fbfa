package io.ringmaster.cluster.topology;

import static io.ringmaster.cluster.topology.InvalidTopologyException.require;

import java.util.List;
import java.util.Set;

/**
 * What an operator says about a keyspace.
 *
 * @param name unique name
 * @param prefix what its keys begin with, as UTF-8; empty for the default keyspace only
 * @param policy how its values are held
 * @param shards ids of the shards that it uses; empty means all, later ones too
 * @param consistency levels of requests that ask for no others
 */
public record KeyspaceDefinition(
    String name, String prefix, PolicyName policy, List<String> shards, Consistency consistency) {

  /** Name of the keyspace that has the empty prefix and always exists. */
  public static final String DEFAULT_NAME = "default";

  /**
   * @throws InvalidTopologyException if the name is empty, or prefix and name do not agree on
   *     whether this is the default keyspace
   */
  public KeyspaceDefinition {
    require(!name.isBlank(), "a keyspace needs a name");
    require(
        prefix.isEmpty() == name.equals(DEFAULT_NAME),
        "keyspace "
            + name
            + " has prefix '"
            + prefix
            + "': the one named "
            + DEFAULT_NAME
            + ", and no other, has the empty prefix");
    shards = List.copyOf(shards);
  }

  /** The default keyspace over all shards. */
  public static KeyspaceDefinition ofDefault() {
    return new KeyspaceDefinition(
        DEFAULT_NAME, "", PolicyName.LEADER, List.of(), Consistency.DEFAULT);
  }

  /** Returns the same keyspace with other levels. */
  public KeyspaceDefinition withConsistency(Consistency other) {
    return new KeyspaceDefinition(name, prefix, policy, shards, other);
  }

  boolean uses(Shard shard) {
    return shards.isEmpty() || shards.contains(shard.id());
  }

  KeyspaceDefinition restrictedTo(Set<String> existing) {
    return new KeyspaceDefinition(
        name, prefix, policy, shards.stream().filter(existing::contains).toList(), consistency);
  }
}
