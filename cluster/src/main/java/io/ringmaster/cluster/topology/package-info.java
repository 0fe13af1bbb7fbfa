/** Which shard serves which slot, on which nodes: immutable values. */
@NullMarked
package io.ringmaster.cluster.topology;

import org.jspecify.annotations.NullMarked;
