/**
 * What tests of the data plane talk with: scripted servers, real ones, and a client of raw text.
 */
@NullMarked
package io.ringmaster.proxy.wire;

import org.jspecify.annotations.NullMarked;
