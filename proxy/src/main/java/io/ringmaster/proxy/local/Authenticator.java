package io.ringmaster.proxy.local;

import io.ringmaster.proxy.frontend.User;
import java.util.Optional;

/** Knows who may use the proxy. */
public interface Authenticator {

  /** Whether a client must log in at all. */
  boolean isNeeded();

  /**
   * The user called {@code name}, if {@code password} is one of theirs. Takes the same time for
   * every name, known or not.
   */
  Optional<User> logIn(String name, byte[] password);
}
