/**
 * The compatibility gate: what shards rest on, tried on real servers of each version. {@code
 * -Dgate.servers=/path/a,/path/b} tries further programs, see {@code docs/compatibility.md}.
 */
@NullMarked
package io.ringmaster.it.gate;

import org.jspecify.annotations.NullMarked;
