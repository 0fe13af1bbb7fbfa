/** Free ports for the tests of all modules. */
@NullMarked
package io.ringmaster.protocol.ports;

import org.jspecify.annotations.NullMarked;
