/**
 * Which shard should own which slot. A consistent-hash ring with virtual nodes gives each slot its
 * preference among the shards; placement turns preferences and weights into a table of all slots
 * and moves as little as it can when shards come, go or change their weight. Pure functions of
 * their arguments: whoever computes gets the same.
 */
@NullMarked
package io.ringmaster.cluster.ring;

import org.jspecify.annotations.NullMarked;
