/**
 * Commands that this proxy answers itself: those about the connection, the client, the commands and
 * the server as a whole. Wherever a Redis server has an answer, it is given in the same words.
 */
@NullMarked
package io.ringmaster.proxy.local;

import org.jspecify.annotations.NullMarked;
