/** The command line tools that come with Redis, run against the proxy. */
@NullMarked
package io.ringmaster.it.tools;

import org.jspecify.annotations.NullMarked;
