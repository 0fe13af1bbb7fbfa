/**
 * How the nodes of a shard hold one value: one replication policy for each consistency model. A
 * leader's replies are held ({@code BarrierGroup}) until replicas have told that they have come as
 * far ({@code Trail}), or the leader was made to wait for them ({@code Barrier}).
 */
@NullMarked
package io.ringmaster.cluster.replication;

import org.jspecify.annotations.NullMarked;
