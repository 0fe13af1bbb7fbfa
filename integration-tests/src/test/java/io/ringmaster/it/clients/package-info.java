/** Client libraries with their default settings, which must not notice that there is a proxy. */
@NullMarked
package io.ringmaster.it.clients;

import org.jspecify.annotations.NullMarked;
