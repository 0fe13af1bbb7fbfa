/** Reads what clients have seen, and says whether a correct system could have shown them that. */
@NullMarked
package io.ringmaster.cluster.simulation.check;

import org.jspecify.annotations.NullMarked;
