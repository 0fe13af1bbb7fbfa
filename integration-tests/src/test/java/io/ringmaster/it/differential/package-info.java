/**
 * The same random requests to one plain server and to Ringmaster in front of three: every reply has
 * to be the same, byte for byte, but for the deviations that are listed and explained.
 */
@NullMarked
package io.ringmaster.it.differential;

import org.jspecify.annotations.NullMarked;
