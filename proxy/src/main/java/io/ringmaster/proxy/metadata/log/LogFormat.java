package io.ringmaster.proxy.metadata.log;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigException;
import io.ringmaster.cluster.quorum.Observations;
import io.ringmaster.cluster.quorum.Report;
import io.ringmaster.cluster.topology.MarkerPosition;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Function;

/**
 * The bytes of log entries and snapshots: JSON with the version of the format. A later version adds
 * keys, or raises the number when an older one could not go on.
 */
public final class LogFormat {

  public static final int VERSION = 3;

  private LogFormat() {}

  public static String entry(LogEntry entry) {
    Map<String, Object> json = versioned();
    switch (entry) {
      case InitialTopology initial -> {
        json.put("seed", TopologyJson.of(initial.topology()));
        json.put("by", initial.by());
        json.put("time", initial.time().toEpochMilli());
        json.put("secret", initial.secret());
      }
      case ReadBarrier barrier -> json.put("read", true);
      case Heartbeat heartbeat -> {
        json.put("heartbeat", report(heartbeat.report()));
      }
      case Registration registration -> {
        json.put("claim", registration.by());
        json.put("folder", registration.folder());
        json.put("secret", registration.secret());
      }
      case Proposal proposal -> {
        json.put("id", proposal.id());
        json.put("change", ChangeJson.of(proposal.change()));
        json.put("by", proposal.by());
        json.put("cause", proposal.cause());
        json.put("time", proposal.time().toEpochMilli());
        json.put("waited-ms", proposal.waited().toMillis());
        proposal.basedOn().ifPresent(epoch -> json.put("based-on", epoch));
      }
    }
    return TopologyJson.line(json);
  }

  /**
   * What {@link #entry} wrote.
   *
   * @throws UnknownFormatException if a newer version wrote it, or it is no entry at all
   */
  public static LogEntry entry(String text) {
    Config json = parsed(text, "a log entry");
    if (json.hasPath("read")) {
      return new ReadBarrier();
    }
    if (json.hasPath("heartbeat")) {
      return new Heartbeat(report(json.getConfig("heartbeat")));
    }
    if (json.hasPath("claim")) {
      return new Registration(
          json.getString("claim"), json.getString("folder"), json.getString("secret"));
    }
    if (json.hasPath("seed")) {
      return new InitialTopology(
          TopologyJson.topology(json.getConfig("seed")),
          json.getString("by"),
          time(json),
          json.getString("secret"));
    }
    if (json.hasPath("change")) {
      return proposal(json);
    }
    throw new UnknownFormatException("a log entry of this kind");
  }

  private static Proposal proposal(Config json) {
    return new Proposal(
        json.getString("id"),
        ChangeJson.change(json.getConfig("change")),
        json.hasPath("based-on") ? OptionalLong.of(json.getLong("based-on")) : OptionalLong.empty(),
        json.getString("by"),
        json.getString("cause"),
        time(json),
        Duration.ofMillis(json.getLong("waited-ms")));
  }

  private static Instant time(Config json) {
    return Instant.ofEpochMilli(json.getLong("time"));
  }

  public static String snapshot(MetadataState state) {
    Map<String, Object> json = versioned();
    json.put("generation", state.generation());
    state.topology().ifPresent(topology -> json.put("topology", TopologyJson.of(topology)));
    json.put("events", state.events().stream().map(LogFormat::event).toList());
    json.put("reports", state.reports().stream().map(LogFormat::report).toList());
    json.put("folders", state.folders());
    json.put("secret", state.secret());
    return TopologyJson.line(json);
  }

  /**
   * What {@link #snapshot} wrote.
   *
   * @throws UnknownFormatException if a newer version wrote it, or it is no snapshot at all
   */
  public static MetadataState snapshot(String text) {
    Config json = parsed(text, "a snapshot");
    List<TopologyEvent> events =
        json.getConfigList("events").stream().map(LogFormat::event).toList();
    return json.hasPath("topology")
        ? new MetadataState(
            json.getLong("generation"),
            Optional.of(TopologyJson.topology(json.getConfig("topology"))),
            events,
            json.getConfigList("reports").stream().map(LogFormat::report).toList(),
            folders(json),
            json.getString("secret"))
        : MetadataState.EMPTY;
  }

  private static Map<String, Object> report(Report report) {
    Observations observations = report.observations();
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("by", report.by());
    json.put("instance", report.instance());
    json.put("epoch", report.epoch());
    json.put("lease-ms", report.leaseMillis());
    json.put("observation", observations.number());
    json.put("suspects", observations.suspects());
    json.put("drained", observations.drained());
    json.put("markers", texts(observations.markers()));
    json.put("waits", observations.waits());
    return json;
  }

  private static Report report(Config json) {
    Observations observations =
        new Observations(
            json.getLong("observation"),
            byShard(json, "suspects", value -> ((Number) value).longValue()),
            byShard(json, "drained", value -> ((Number) value).longValue()),
            byShard(json, "markers", value -> MarkerPosition.parse((String) value)),
            byShard(json, "waits", value -> (String) value));
    return new Report(
        json.getString("by"),
        json.getString("instance"),
        json.getLong("epoch"),
        json.getLong("lease-ms"),
        observations);
  }

  private static Map<String, String> texts(Map<String, MarkerPosition> markers) {
    Map<String, String> texts = new HashMap<>();
    markers.forEach((shard, marker) -> texts.put(shard, marker.toString()));
    return texts;
  }

  private static <V> Map<String, V> byShard(Config json, String key, Function<Object, V> value) {
    Map<String, V> values = new HashMap<>();
    json.getObject(key)
        .forEach((shard, found) -> values.put(shard, value.apply(found.unwrapped())));
    return values;
  }

  private static Map<String, String> folders(Config json) {
    Map<String, String> folders = new HashMap<>();
    json.getObject("folders").forEach((name, id) -> folders.put(name, (String) id.unwrapped()));
    return folders;
  }

  private static Map<String, Object> event(TopologyEvent event) {
    return Map.of(
        "id",
        event.id(),
        "epoch",
        event.epoch(),
        "time",
        event.time().toEpochMilli(),
        "change",
        event.change(),
        "by",
        event.by(),
        "cause",
        event.cause(),
        "waited-ms",
        event.waited().toMillis());
  }

  private static TopologyEvent event(Config json) {
    return new TopologyEvent(
        json.getString("id"),
        json.getLong("epoch"),
        time(json),
        json.getString("change"),
        json.getString("by"),
        json.getString("cause"),
        Duration.ofMillis(json.getLong("waited-ms")));
  }

  private static Map<String, Object> versioned() {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("version", VERSION);
    return json;
  }

  private static Config parsed(String text, String what) {
    try {
      Config json = TopologyJson.parsed(text);
      int version = json.getInt("version");
      if (version != VERSION) {
        throw new UnknownFormatException(what + " of version " + version);
      }
      return json;
    } catch (ConfigException e) {
      throw new UnknownFormatException(what + " that is not JSON");
    }
  }
}
