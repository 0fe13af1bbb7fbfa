package io.ringmaster.proxy.adoption;

import io.ringmaster.cluster.topology.NodeId;
import java.util.Optional;

/**
 * The place where the servers were found.
 *
 * @param master who takes the writes
 * @param watch the Sentinels that watch it, if those were asked
 */
record Origin(NodeId master, Optional<Watch> watch) {}
