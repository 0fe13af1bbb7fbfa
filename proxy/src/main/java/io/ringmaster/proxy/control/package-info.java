/**
 * The control plane: watches the servers at its own pace and keeps what it has found for whoever
 * asks.
 */
@NullMarked
package io.ringmaster.proxy.control;

import org.jspecify.annotations.NullMarked;
