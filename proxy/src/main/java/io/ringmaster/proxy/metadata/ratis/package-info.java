/** The config group as Apache Ratis keeps it: the only package that knows Ratis. */
@NullMarked
package io.ringmaster.proxy.metadata.ratis;

import org.jspecify.annotations.NullMarked;
