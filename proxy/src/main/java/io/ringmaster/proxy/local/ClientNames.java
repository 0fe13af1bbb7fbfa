package io.ringmaster.proxy.local;

/** The names that clients may give themselves: printable ASCII without blanks. */
final class ClientNames {

  static final String INVALID =
      "ERR Client names cannot contain spaces, newlines or special characters.";

  private ClientNames() {}

  static boolean isValid(String name) {
    return name.chars().allMatch(c -> c >= '!' && c <= '~');
  }
}
