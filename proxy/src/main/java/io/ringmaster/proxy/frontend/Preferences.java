package io.ringmaster.proxy.frontend;

import io.ringmaster.cluster.spi.Lane;
import io.ringmaster.cluster.topology.Consistency;
import io.ringmaster.cluster.topology.ReadLevel;
import io.ringmaster.cluster.topology.WriteLevel;
import io.ringmaster.protocol.ProtocolVersion;
import org.jspecify.annotations.Nullable;

/** What a client has set for its connection. Belongs to its event loop. */
public final class Preferences {

  private static final Lane FIRST_LANE = Lane.data(0, ProtocolVersion.RESP2);

  private Lane lane = FIRST_LANE;
  private String name = "";
  private String libraryName = "";
  private String libraryVersion = "";
  private boolean evictable = true;
  private @Nullable ReadLevel readLevel;
  private @Nullable WriteLevel writeLevel;
  private ReplyMode replyMode = ReplyMode.ON;

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

  /**
   * Whether the reply to the request that has come is left out; that one is not the next any more.
   */
  boolean mutesRequest() {
    ReplyMode mode = replyMode;
    if (mode == ReplyMode.SKIP_NEXT) {
      replyMode = ReplyMode.ON;
    }
    return mode != ReplyMode.ON;
  }

  /**
   * Back to what it was at the start, as {@code RESET} does. Only the library goes on to be told,
   * and a reply that is to be skipped to be skipped.
   */
  void reset() {
    lane = FIRST_LANE;
    name = "";
    evictable = true;
    readLevel = null;
    writeLevel = null;
    if (replyMode == ReplyMode.OFF) {
      replyMode = ReplyMode.ON;
    }
  }
}
