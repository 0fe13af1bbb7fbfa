package io.ringmaster.protocol;

import java.util.Arrays;

/**
 * The arguments of one request; argument 0 is the command's name. An index out of range is the
 * caller's mistake.
 */
public interface Arguments {

  /** Returns the number of arguments, the command's name included. */
  int count();

  /** Length in bytes of argument {@code index}. */
  int length(int index);

  /** A copy of argument {@code index}. */
  byte[] bytes(int index);

  /** A copy of its first bytes, {@code most} or fewer. */
  default byte[] bytes(int index, int most) {
    return length(index) <= most ? bytes(index) : Arrays.copyOf(bytes(index), most);
  }
}
