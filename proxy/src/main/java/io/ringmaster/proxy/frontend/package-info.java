/**
 * The side of the clients: one connection, its session, its replies in order, and the bounds on
 * what one client may occupy.
 */
@NullMarked
package io.ringmaster.proxy.frontend;

import org.jspecify.annotations.NullMarked;
