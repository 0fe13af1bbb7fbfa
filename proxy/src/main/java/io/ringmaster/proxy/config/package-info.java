/**
 * Settings: from HOCON text to immutable records. {@code reference.conf} holds every default and is
 * the only place that does; {@link io.ringmaster.proxy.config.SettingsReader} holds every rule. All
 * problems of a configuration are found in one pass, each with the file and line it stands in and
 * the values that are allowed there.
 */
@NullMarked
package io.ringmaster.proxy.config;

import org.jspecify.annotations.NullMarked;
