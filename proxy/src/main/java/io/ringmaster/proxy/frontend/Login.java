package io.ringmaster.proxy.frontend;

import io.ringmaster.protocol.command.Access;

/**
 * Whom a client is taken for, and since when.
 *
 * @param user with what the client may do
 * @param sinceMillis on the loop's clock; the time to log in begins then
 * @param unreadBytes of replies that the client had not taken then, which do not count against one
 *     who has yet to log in
 */
record Login(User user, long sinceMillis, long unreadBytes) {

  /** Whether the client may do what {@code needed} says. */
  boolean has(Access needed) {
    return user.access().compareTo(needed) >= 0;
  }
}
