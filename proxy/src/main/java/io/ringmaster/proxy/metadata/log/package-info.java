/**
 * The entries of the config group's log, what they are written as, and the state that they make.
 * Knows nothing of who keeps the log.
 */
@NullMarked
package io.ringmaster.proxy.metadata.log;

import org.jspecify.annotations.NullMarked;
