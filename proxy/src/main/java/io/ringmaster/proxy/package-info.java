/** TODO. */
@NullMarked
package io.ringmaster.proxy;

import org.jspecify.annotations.NullMarked;
