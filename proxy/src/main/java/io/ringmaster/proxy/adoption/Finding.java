package io.ringmaster.proxy.adoption;

import java.util.Locale;

/**
 * Something about the servers that the operator should know.
 *
 * @param weight what follows from it
 * @param text what it is
 */
record Finding(Weight weight, String text) {

  /** The consequence of a finding. */
  enum Weight {
    /** The servers are not taken over. */
    OBSTACLE,
    /** Something may not work as before. */
    WARNING,
    /** Something will be otherwise than before. */
    NOTE
  }

  static Finding obstacle(String text) {
    return new Finding(Weight.OBSTACLE, text);
  }

  static Finding warning(String text) {
    return new Finding(Weight.WARNING, text);
  }

  static Finding note(String text) {
    return new Finding(Weight.NOTE, text);
  }

  @Override
  public String toString() {
    return weight.name().toLowerCase(Locale.ROOT) + ": " + text;
  }
}
