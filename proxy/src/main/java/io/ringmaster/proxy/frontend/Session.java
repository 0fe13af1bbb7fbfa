package io.ringmaster.proxy.frontend;

import io.ringmaster.cluster.replication.ClientView;
import io.ringmaster.protocol.command.Access;
import org.jspecify.annotations.Nullable;

/**
 * What is known of a client beyond its connection: its number, its login, its preferences, and what
 * its next requests have to come behind. Belongs to its event loop.
 */
public final class Session {

  private final long id;
  private final User userAtStart;
  private final Preferences preferences = new Preferences();
  private Login login;
  private long wroteUnder;
  private int turns;
  private boolean readsElsewhere;
  private @Nullable ClientView view;
  private String lastCommand = "NULL";

  Session(long id, User userAtStart, long nowMillis) {
    this.id = id;
    this.userAtStart = userAtStart;
    this.login = new Login(userAtStart, nowMillis, 0);
  }

  public long id() {
    return id;
  }

  /** What the client has set for its connection. */
  public Preferences preferences() {
    return preferences;
  }

  /** Whether the client has logged in, or need not. */
  public boolean isAuthenticated() {
    return has(Access.USER);
  }

  /** Whether the client is what {@code needed} says. */
  public boolean has(Access needed) {
    return login.has(needed);
  }

  /** Whom the client is taken for. */
  public User user() {
    return login.user();
  }

  Login login() {
    return login;
  }

  void login(Login newLogin) {
    login = newLogin;
  }

  /** Which lanes its requests in flight have taken, as {@code BackendPool.turns} counts them. */
  public int turns() {
    return turns;
  }

  public void turns(int now) {
    turns = now;
  }

  /** Whether a read in flight may be answered by another node than its leader. */
  public boolean readsElsewhere() {
    return readsElsewhere;
  }

  public void readsElsewhere(boolean now) {
    readsElsewhere = now;
  }

  /** A write is sent under the topology of this epoch. */
  public void wroteUnder(long topologyEpoch) {
    if (wroteUnder == 0) {
      wroteUnder = topologyEpoch;
    }
  }

  /**
   * The epoch of the topology under which the first write was sent of which no {@code WAIT} has
   * told yet, and forgets it; 0 if there is none.
   */
  public long takeWroteUnder() {
    long epoch = wroteUnder;
    wroteUnder = 0;
    return epoch;
  }

  /** What its reads must see where they are not made at leaders. */
  public ClientView view() {
    ClientView current = view;
    if (current == null) {
      current = new ClientView((int) id);
      view = current;
    }
    return current;
  }

  /** Name of the last command, as {@code CLIENT LIST} shows it. */
  public String lastCommand() {
    return lastCommand;
  }

  public void lastCommand(String command) {
    lastCommand = command;
  }

  /** Begins anew, as {@code RESET} does, while the client has {@code unreadBytes} to take. */
  void reset(long nowMillis, long unreadBytes) {
    // Who has never logged in must not get more time, or room, by this again and again.
    if (isAuthenticated()) {
      login = new Login(userAtStart, nowMillis, unreadBytes);
    }
    preferences.reset();
  }
}
