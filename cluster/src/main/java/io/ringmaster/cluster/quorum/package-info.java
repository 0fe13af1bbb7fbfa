/**
 * What follows from how many coordinators have told what: who may still answer from an older
 * topology, and whom enough of them hold for failed.
 */
@NullMarked
package io.ringmaster.cluster.quorum;

import org.jspecify.annotations.NullMarked;
