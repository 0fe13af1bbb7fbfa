/**
 * The command line. Each command reads settings, starts what it needs, prints one line when it is
 * ready and stops everything on SIGINT or SIGTERM. Mistakes of the user are one line each on
 * standard error, without a stack trace.
 */
@NullMarked
package io.ringmaster.proxy.cli;

import org.jspecify.annotations.NullMarked;
