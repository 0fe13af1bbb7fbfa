/**
 * Conclusions from the reports of many coordinators: who may still answer from an older topology,
 * and whom enough of them hold for failed.
 */
@NullMarked
package io.ringmaster.cluster.quorum;

import org.jspecify.annotations.NullMarked;
