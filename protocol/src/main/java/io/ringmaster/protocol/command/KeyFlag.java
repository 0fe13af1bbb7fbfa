package io.ringmaster.protocol.command;

/**
 * The use that a command makes of the keys of one key spec; declared in the server's order. The
 * first four say what happens to the key as a whole, the next four what happens to its value.
 */
public enum KeyFlag {
  /** The key is only read. */
  RO,
  /** The key is read and changed. */
  RW,
  /** The key is overwritten, whatever it held. */
  OW,
  /** The key is removed. */
  RM,
  /** Its content is returned, copied or used. */
  ACCESS,
  /** Its content is changed. */
  UPDATE,
  /** Elements are added, none changed or removed. */
  INSERT,
  /** Elements, or the whole value, are deleted. */
  DELETE,
  /** Not a key at all, but routed like one by a Redis Cluster. */
  NOT_KEY,
  /** The spec may miss keys. */
  INCOMPLETE,
  /** Other arguments may narrow these flags. */
  VARIABLE_FLAGS
}
