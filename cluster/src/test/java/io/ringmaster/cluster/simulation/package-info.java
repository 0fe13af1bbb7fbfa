/**
 * Proxies, Redis servers, the network between them and an operator, in virtual time on one thread:
 * everything that happens follows from one seed. What decides is the code that a proxy runs; what
 * is simulated is the world around it, with the unpleasant sides that real servers have shown.
 */
@NullMarked
package io.ringmaster.cluster.simulation;

import org.jspecify.annotations.NullMarked;
