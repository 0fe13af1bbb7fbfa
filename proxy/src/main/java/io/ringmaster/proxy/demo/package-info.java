/**
 * Real Redis or Valkey servers as child processes: for {@code ringmaster demo}, and for tests.
 * Whatever is started here ends with the JVM, even when that is killed.
 */
@NullMarked
package io.ringmaster.proxy.demo;

import org.jspecify.annotations.NullMarked;
