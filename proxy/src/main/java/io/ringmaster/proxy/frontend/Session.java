package io.ringmaster.proxy.frontend;

import io.ringmaster.cluster.replication.ClientView;
import io.ringmaster.cluster.spi.Lane;
import io.ringmaster.cluster.topology.Consistency;
import io.ringmaster.cluster.topology.ReadLevel;
import io.ringmaster.cluster.topology.WriteLevel;
import io.ringmaster.protocol.ProtocolVersion;
import io.ringmaster.protocol.command.Access;
import org.jspecify.annotations.Nullable;

/**
 * What a client has set for its connection: database, protocol version, name, user. Belongs to its
 * event loop.
 */
public final class Session {

  /** What a client wants to be answered. */
  public enum ReplyMode {
    /** Every request. */
    ON,
    /** None. */
    OFF,
    /** All but the next one. */
    SKIP_NEXT
  }

  private static final Lane FIRST_LANE = Lane.data(0, ProtocolVersion.RESP2);

  private final long id;
  private final User userAtStart;
  private User user;
  private Lane lane = FIRST_LANE;
  private String name = "";
  private String libraryName = "";
  private String libraryVersion = "";
  private boolean evictable = true;
  private long wroteUnder;
  private int turns;
  private boolean readsElsewhere;
  private @Nullable ClientView view;
  private @Nullable ReadLevel readLevel;
  private @Nullable WriteLevel writeLevel;
  private ReplyMode replyMode = ReplyMode.ON;
  private String lastCommand = "NULL";

  Session(long id, User userAtStart) {
    this.id = id;
    this.user = userAtStart;
    this.userAtStart = userAtStart;
  }

  public long id() {
    return id;
  }

  /** Whether the client has logged in, or need not. */
  public boolean isAuthenticated() {
    return has(Access.USER);
  }

  /** Whether the client is what {@code needed} says. */
  public boolean has(Access needed) {
    return user.access().compareTo(needed) >= 0;
  }

  /** Whom the client is taken for. */
  public User user() {
    return user;
  }

  void user(User newUser) {
    user = newUser;
  }

  public Lane lane() {
    return lane;
  }

  public ProtocolVersion version() {
    return lane.version();
  }

  public int database() {
    return lane.database();
  }

  public void lane(Lane newLane) {
    lane = newLane;
  }

  public String name() {
    return name;
  }

  public void name(String newName) {
    name = newName;
  }

  public String libraryName() {
    return libraryName;
  }

  public void libraryName(String newName) {
    libraryName = newName;
  }

  public String libraryVersion() {
    return libraryVersion;
  }

  public void libraryVersion(String newVersion) {
    libraryVersion = newVersion;
  }

  /** Whether the client may be closed when memory is short; {@code CLIENT NO-EVICT}. */
  public boolean isEvictable() {
    return evictable;
  }

  public void evictable(boolean value) {
    evictable = value;
  }

  /** The levels of its requests where {@code usual} are those of the keys. */
  public Consistency consistency(Consistency usual) {
    ReadLevel read = readLevel;
    WriteLevel write = writeLevel;
    return read == null && write == null
        ? usual
        : new Consistency(
            read == null ? usual.read() : read, write == null ? usual.write() : write);
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

  public void readLevel(ReadLevel level) {
    readLevel = level;
  }

  public void writeLevel(WriteLevel level) {
    writeLevel = level;
  }

  public ReplyMode replyMode() {
    return replyMode;
  }

  public void replyMode(ReplyMode mode) {
    replyMode = mode;
  }

  /** A request without a word has come: it is the one that is not answered. */
  void blankRequest() {
    if (replyMode == ReplyMode.SKIP_NEXT) {
      replyMode = ReplyMode.ON;
    }
  }

  /** Name of the last command, as {@code CLIENT LIST} shows it. */
  public String lastCommand() {
    return lastCommand;
  }

  public void lastCommand(String command) {
    lastCommand = command;
  }

  /**
   * Back to what it was at the start, as {@code RESET} does. Only the library goes on to be told,
   * and a reply that is to be skipped to be skipped.
   */
  void reset() {
    lane = FIRST_LANE;
    user = userAtStart;
    name = "";
    evictable = true;
    readLevel = null;
    writeLevel = null;
    if (replyMode == ReplyMode.OFF) {
      replyMode = ReplyMode.ON;
    }
  }
}
