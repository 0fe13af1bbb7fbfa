package io.ringmaster.proxy.metadata.log;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigException;
import io.ringmaster.cluster.topology.TopologyChange;
import java.util.Map;

/**
 * The bytes of log entries and snapshots: JSON with the version of the format. A later version adds
 * keys, or raises the number when an older one could not go on.
 */
public final class LogFormat {

  /** The version that is written. */
  public static final int VERSION = 4;

  /** The first version that is read. */
  static final int OLDEST = 3;

  private static final SealedCodec<LogEntry> ENTRY = new SealedCodec<>(LogEntry.class);
  private static final SealedCodec<TopologyChange> CHANGE = new SealedCodec<>(TopologyChange.class);
  private static final RecordCodec<MetadataState> SNAPSHOT = new RecordCodec<>(MetadataState.class);

  private LogFormat() {}

  /** Returns the text of {@code entry}. */
  public static String entry(LogEntry entry) {
    return versioned(ENTRY.encode(entry));
  }

  /**
   * Returns what {@link #entry} wrote.
   *
   * @throws UnknownFormatException if a newer version wrote it, or it is no entry at all
   */
  public static LogEntry entry(String text) {
    return ENTRY.decode(parsed(text, "a log entry"));
  }

  /** Returns the text of {@code state}. */
  public static String snapshot(MetadataState state) {
    return versioned(SNAPSHOT.encode(state));
  }

  /**
   * Returns what {@link #snapshot} wrote.
   *
   * @throws UnknownFormatException if a newer version wrote it, or it is no snapshot at all
   */
  public static MetadataState snapshot(String text) {
    return SNAPSHOT.decode(parsed(text, "a snapshot"));
  }

  /** Returns {@code change} in one line, for people. */
  public static String line(TopologyChange change) {
    return Json.line(CHANGE.encode(change));
  }

  private static String versioned(Map<String, Object> json) {
    json.put("version", VERSION);
    return Json.line(json);
  }

  private static Map<String, Object> parsed(String text, String what) {
    try {
      Config json = Json.parsed(text);
      int version = json.getInt("version");
      if (version < OLDEST || version > VERSION) {
        throw new UnknownFormatException(what + " of version " + version);
      }
      return json.root().unwrapped();
    } catch (ConfigException e) {
      throw new UnknownFormatException(what + " that is not JSON");
    }
  }
}
