/**
 * Who leads a shard, and that nobody else does: the controller gives every shard a leader in a new
 * epoch, cuts off whoever led before, and looks after the nodes that follow.
 */
@NullMarked
package io.ringmaster.cluster.control;

import org.jspecify.annotations.NullMarked;
