package io.ringmaster.proxy.health;

import io.lettuce.core.RedisURI;
import io.ringmaster.cluster.replication.Marker;
import io.ringmaster.cluster.topology.NodeId;
import java.time.Duration;

/**
 * How servers are probed.
 *
 * @param interval pause between two probes of a server
 * @param timeout until it must have answered
 * @param staleness how long a replica may have heard nothing of its leader, or the prober nothing
 *     of it, until it is not read from
 * @param expectedVersion the version that clients are told; a server of an older one is reported
 * @param allowsUntestedVersions whether servers may promise something whose version was never tried
 * @param fencing how servers are kept from those who have been cut off
 * @param marker of the shards
 * @param databases how many clients may use
 * @param username user to authenticate as; empty for the default user
 * @param password its password; empty for none
 */
public record ProbeSettings(
    Duration interval,
    Duration timeout,
    Duration staleness,
    String expectedVersion,
    boolean allowsUntestedVersions,
    Fencing fencing,
    Marker marker,
    int databases,
    String username,
    String password) {

  /** How administrators reach {@code node}. */
  public RedisURI uri(NodeId node) {
    return ServerClients.uri(node, username, password, timeout);
  }

  @Override
  public String toString() {
    return "ProbeSettings[interval=" + interval + ", timeout=" + timeout + "]";
  }
}
