/**
 * The things that one event loop shares among its connections: the receive buffer, the list of
 * connections that have something to flush, the clients that may go on. All of it belongs to one
 * thread.
 */
@NullMarked
package io.ringmaster.proxy.loop;

import org.jspecify.annotations.NullMarked;
