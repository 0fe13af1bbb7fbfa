/**
 * The commands of Redis as data: one row each in {@code commands.csv}, in Redis' own vocabulary,
 * with a column of ours that says how the proxy treats it. Adding a command is adding a line. Also
 * finds the keys of a request. No Netty, no topology.
 */
@NullMarked
package io.ringmaster.protocol.command;

import org.jspecify.annotations.NullMarked;
