package io.ringmaster.cluster.simulation;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** The users of a server and their passwords; a restart forgets all but the first of them. */
final class Users {

  static final String DEFAULT = "default";

  private final Map<String, String> passwords = new TreeMap<>(Map.of(DEFAULT, ""));

  void set(String user, String password) {
    passwords.put(user, password);
  }

  void delete(String user) {
    passwords.remove(user);
  }

  boolean admits(String user, String password) {
    return password.equals(passwords.get(user));
  }

  List<String> names() {
    return List.copyOf(passwords.keySet());
  }
}
