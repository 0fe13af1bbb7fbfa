package io.ringmaster.proxy.frontend;

import io.ringmaster.protocol.command.Access;

/**
 * Whom a client is taken for.
 *
 * @param name of the user; {@link #DEFAULT} before anybody has logged in
 * @param access what the client may do
 */
public record User(String name, Access access) {

  /** The user who is meant where only a password is given. */
  public static final String DEFAULT = "default";

  /** Nobody has to log in, everybody may do everything. */
  public static final User UNRESTRICTED = new User(DEFAULT, Access.ADMINISTRATOR);

  /** Who has yet to log in. */
  public static final User UNKNOWN = new User(DEFAULT, Access.ANYBODY);
}
