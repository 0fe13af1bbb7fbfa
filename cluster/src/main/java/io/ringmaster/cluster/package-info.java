/** TODO. */
@NullMarked
package io.ringmaster.cluster;

import org.jspecify.annotations.NullMarked;
