/**
 * Connections to the Redis servers: one for each event loop, node, database and protocol version,
 * shared by all clients of the loop, pipelined, replies matched by their order.
 */
@NullMarked
package io.ringmaster.proxy.backend;

import org.jspecify.annotations.NullMarked;
