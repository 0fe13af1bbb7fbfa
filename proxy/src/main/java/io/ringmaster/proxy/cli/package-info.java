/**
 * The command line. Each command reads settings, starts what it needs, prints one line when it is
 * ready and stops everything on SIGINT or SIGTERM. Mistakes of the user are one line each on
 * standard error, without a stack trace. Options are parsed by commons-cli: a library that does
 * more, as picocli does, costs a part of the start that {@code docs/performance.md} tells.
 */
@NullMarked
package io.ringmaster.proxy.cli;

import org.jspecify.annotations.NullMarked;
