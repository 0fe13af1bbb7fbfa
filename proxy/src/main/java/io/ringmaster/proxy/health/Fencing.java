package io.ringmaster.proxy.health;

/** How servers are kept from those who have been cut off from them. */
public enum Fencing {
  /** Nobody is ever cut off: there is no config group that could change anything. */
  NEEDLESS,
  /** By users of an epoch. */
  USERS,
  /** Not at all, though it would be needed. */
  MISSING
}
