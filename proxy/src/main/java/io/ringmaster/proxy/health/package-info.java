/** Watches the servers at its own pace and keeps what it has found for whoever asks. */
@NullMarked
package io.ringmaster.proxy.health;

import org.jspecify.annotations.NullMarked;
