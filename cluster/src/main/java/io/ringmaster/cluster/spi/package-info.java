/**
 * The interfaces through which the cluster's logic asks its host: sending a request to one server,
 * and being called back. Nothing here blocks, nothing throws, and anything may be lost.
 */
@NullMarked
package io.ringmaster.cluster.spi;

import org.jspecify.annotations.NullMarked;
