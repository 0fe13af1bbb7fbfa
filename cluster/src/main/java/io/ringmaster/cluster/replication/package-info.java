/** How the nodes of a shard hold one value: one replication policy for each consistency model. */
@NullMarked
package io.ringmaster.cluster.replication;

import org.jspecify.annotations.NullMarked;
