package io.ringmaster.cluster.simulation;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** The users of a server and their passwords; a restart forgets all but the first of them. */
final class Users {

  static final String DEFAULT = "default";

  private final Map<String, String> passwords = new TreeMap<>(Map.of(DEFAULT, ""));
  private final Set<String> barred = new TreeSet<>();

  void set(String user, String password) {
    passwords.put(user, password);
  }

  /** From now on {@code user} may not replicate. */
  void bar(String user) {
    barred.add(user);
  }

  boolean mayReplicate(String user, String password) {
    return admits(user, password) && !barred.contains(user);
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
