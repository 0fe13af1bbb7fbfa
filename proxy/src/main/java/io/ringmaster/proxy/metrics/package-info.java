/**
 * The counters and their publication. Each event loop counts for itself; sums are made when
 * somebody asks.
 */
@NullMarked
package io.ringmaster.proxy.metrics;

import org.jspecify.annotations.NullMarked;
