package io.ringmaster.protocol.command;

/**
 * How a command uses the keys of one key spec; declared in the server's order. The first four say
 * what happens to the key as a whole, the next four what happens to its value.
 */
public enum KeyFlag {
  /** It is only read. */
  RO,
  /** It is read and changed. */
  RW,
  /** It is overwritten, whatever it held. */
  OW,
  /** It is removed. */
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
