package io.ringmaster.proxy.metadata;

import io.ringmaster.cluster.topology.NodeId;

/**
 * A coordinator of the group.
 *
 * @param id its name, which no other has
 * @param address where the others reach it
 */
public record Member(String id, NodeId address) {

  @Override
  public String toString() {
    return id + " at " + address;
  }
}
