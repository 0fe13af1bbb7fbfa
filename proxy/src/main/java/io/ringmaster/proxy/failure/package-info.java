/**
 * Plain words for what the operating system, the JDK and Netty report. No text of theirs is passed
 * on, nor any name of a class: what is not known gets words of its own, and is logged at level
 * debug.
 */
@NullMarked
package io.ringmaster.proxy.failure;

import org.jspecify.annotations.NullMarked;
