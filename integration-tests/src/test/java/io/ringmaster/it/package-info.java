/** The proxy in front of real servers, used by real clients. */
@NullMarked
package io.ringmaster.it;

import org.jspecify.annotations.NullMarked;
