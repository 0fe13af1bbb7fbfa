/**
 * What is counted and how it is published. Each event loop counts for itself; sums are made when
 * somebody asks.
 */
@NullMarked
package io.ringmaster.proxy.metrics;

import org.jspecify.annotations.NullMarked;
