/**
 * Bytes to frames and back, for RESP2 and RESP3, incremental in both directions. Decoders find
 * where frames end and look inside as little as they can; nothing is allocated from a declared
 * length. All Netty code of this module is here.
 */
@NullMarked
package io.ringmaster.protocol.codec;

import org.jspecify.annotations.NullMarked;
