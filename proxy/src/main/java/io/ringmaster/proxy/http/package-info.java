/** Metrics and health over HTTP, on a port and an event loop of their own. */
@NullMarked
package io.ringmaster.proxy.http;

import org.jspecify.annotations.NullMarked;
