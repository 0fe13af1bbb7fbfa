package io.ringmaster.proxy.frontend;

/** What a client wants to be answered. */
public enum ReplyMode {
  /** Every request. */
  ON,
  /** None. */
  OFF,
  /** All but the next one. */
  SKIP_NEXT
}
