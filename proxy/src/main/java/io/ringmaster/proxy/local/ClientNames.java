package io.ringmaster.proxy.local;

/**
 * The names that clients may give themselves: printable ASCII without blanks, and, as each client
 * has some as long as it is connected, not longer than {@link #LONGEST}.
 */
final class ClientNames {

  private static final int LONGEST = 1024;

  private ClientNames() {}

  /** Why {@code name} is none; empty if it is. {@code what} begins the text. */
  static String objection(String what, String name) {
    if (name.length() > LONGEST) {
      return "ERR " + what + " cannot be longer than " + LONGEST + " characters.";
    }
    return name.chars().allMatch(c -> c >= '!' && c <= '~')
        ? ""
        : "ERR " + what + " cannot contain spaces, newlines or special characters.";
  }
}
