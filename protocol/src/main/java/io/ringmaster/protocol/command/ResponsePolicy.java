package io.ringmaster.protocol.command;

/**
 * Redis' own advice to proxies: how to merge the replies to a command that several shards answered.
 */
public enum ResponsePolicy {
  /** Without keys collect the elements in any order; with keys in the order of the keys. */
  DEFAULT,
  /** The first reply that is no error. */
  ONE_SUCCEEDED,
  /** One success if none failed, else an error. */
  ALL_SUCCEEDED,
  /** Logical and of integers, element by element. */
  AGG_LOGICAL_AND,
  /** Logical or of integers, element by element. */
  AGG_LOGICAL_OR,
  /** The smallest of the numbers. */
  AGG_MIN,
  /** The largest of the numbers. */
  AGG_MAX,
  /** The sum of the numbers. */
  AGG_SUM,
  /** No simple rule. */
  SPECIAL
}
