/**
 * The config group: the coordinators that own the topology together. A change is an entry of a
 * replicated log; every coordinator applies the same entries in the same order and publishes what
 * comes out. Apache Ratis keeps the log; only the classes whose names say so know it.
 */
@NullMarked
package io.ringmaster.proxy.metadata;

import org.jspecify.annotations.NullMarked;
