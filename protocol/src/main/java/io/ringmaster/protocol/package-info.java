/**
 * The Redis protocol as values: versions, the arguments of a request, the slot of a key. No
 * sockets, no topology. The codec, the only user of Netty buffers in this module, and the command
 * table have packages of their own.
 */
@NullMarked
package io.ringmaster.protocol;

import org.jspecify.annotations.NullMarked;
