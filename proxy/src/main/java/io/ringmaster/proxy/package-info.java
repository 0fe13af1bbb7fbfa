/**
 * The whole proxy: {@link io.ringmaster.proxy.ProxyServer} builds everything from the settings and
 * starts it.
 */
@NullMarked
package io.ringmaster.proxy;

import org.jspecify.annotations.NullMarked;
