package io.ringmaster.cluster.topology;

import static io.ringmaster.cluster.topology.InvalidTopologyException.require;

import io.ringmaster.cluster.ring.SlotTable;

/**
 * A new keyspace.
 *
 * @param definition what the operator said about it
 * @param slots the owner of each of its slots; carried here, so that applying needs no placement
 */
public record AddKeyspace(KeyspaceDefinition definition, SlotTable slots)
    implements TopologyChange {

  /** The keyspace with its slots placed by the ring over the shards of {@code topology}. */
  public static AddKeyspace placed(KeyspaceDefinition definition, Topology topology) {
    return new AddKeyspace(definition, topology.placementOf(definition));
  }

  @Override
  public Topology applyTo(Topology topology) {
    require(
        topology.keyspaces().stream().noneMatch(k -> k.name().equals(definition.name())),
        "keyspace " + definition.name() + " exists");
    return topology.withKeyspace(definition, slots);
  }
}
