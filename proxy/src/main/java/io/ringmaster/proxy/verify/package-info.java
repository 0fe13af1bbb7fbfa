/**
 * Compares what the nodes of a shard hold, in the background and on connections of its own. Shares
 * nothing with the data plane.
 */
@NullMarked
package io.ringmaster.proxy.verify;

import org.jspecify.annotations.NullMarked;
