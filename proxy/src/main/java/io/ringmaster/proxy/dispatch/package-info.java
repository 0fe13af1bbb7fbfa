/**
 * From a request to the shards that serve it: one handler for each shape of command, chosen by the
 * command table.
 */
@NullMarked
package io.ringmaster.proxy.dispatch;

import org.jspecify.annotations.NullMarked;
