/**
 * Taking over servers that run already, with their data: who they are, whether that can be done,
 * what will be done, and doing it. Blocks; used by the command line only.
 */
@NullMarked
package io.ringmaster.proxy.adoption;

import org.jspecify.annotations.NullMarked;
