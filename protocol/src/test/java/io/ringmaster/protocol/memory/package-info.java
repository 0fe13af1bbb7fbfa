/** Memory that runs out when a test says so. */
@NullMarked
package io.ringmaster.protocol.memory;

import org.jspecify.annotations.NullMarked;
