/**
 * The cluster as one immutable, numbered value: shards, their nodes, keyspaces and the owner of
 * each slot. It changes only by applying a change record, which gives the value with the next
 * number. The data path reads it, everything else exists to produce the next one.
 */
@NullMarked
package io.ringmaster.cluster.topology;

import org.jspecify.annotations.NullMarked;
