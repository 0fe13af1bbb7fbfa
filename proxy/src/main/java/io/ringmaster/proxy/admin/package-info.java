/**
 * The commands that are this proxy's own: the cluster as its operator sees it, as RESP or as JSON.
 */
@NullMarked
package io.ringmaster.proxy.admin;

import org.jspecify.annotations.NullMarked;
