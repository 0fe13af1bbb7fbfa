/** Fails a build in which a buffer was lost; used by the tests of all modules that use Netty. */
@NullMarked
package io.ringmaster.protocol.leak;

import org.jspecify.annotations.NullMarked;
