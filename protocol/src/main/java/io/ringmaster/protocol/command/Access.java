package io.ringmaster.protocol.command;

/**
 * The rank that a client needs for a command to be executed; each is what those before it are, too.
 */
public enum Access {
  /** Anybody who connects. */
  ANYBODY,
  /** A user who has logged in, where there are users. */
  USER,
  /** A user who is an administrator, where there are users. */
  ADMINISTRATOR
}
