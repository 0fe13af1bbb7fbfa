package io.ringmaster.cluster.simulation;

import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What a server holds in memory: strings and hashes. */
final class Database {

  private final Map<String, String> strings;
  private final Map<String, Map<String, String>> hashes;

  Database() {
    this(new HashMap<>(), new HashMap<>());
  }

  private Database(Map<String, String> strings, Map<String, Map<String, String>> hashes) {
    this.strings = strings;
    this.hashes = hashes;
  }

  @Nullable String string(String key) {
    return strings.get(key);
  }

  Map<String, String> hash(String key) {
    return hashes.getOrDefault(key, Map.of());
  }

  Database copy() {
    return new Database(new HashMap<>(strings), new HashMap<>(hashes));
  }

  void apply(Effect effect) {
    switch (effect) {
      case Effect.Put put -> putString(put.key(), put.value());
      case Effect.PutHash put -> hashes.put(put.key(), put.fields());
      case Effect.Clear clear -> {
        strings.clear();
        hashes.clear();
      }
      case Effect.AskOffset ask -> {}
      case Effect.Publish message -> {}
      case Effect.Together together -> together.effects().forEach(this::apply);
    }
  }

  private void putString(String key, @Nullable String value) {
    if (value == null) {
      strings.remove(key);
    } else {
      strings.put(key, value);
    }
  }

  /** The same of what clients wrote; markers may differ. */
  boolean holdsSameValuesAs(Database other) {
    return strings.equals(other.strings);
  }

  boolean holdsSameAs(Database other) {
    return strings.equals(other.strings) && hashes.equals(other.hashes);
  }

  @Override
  public String toString() {
    return strings + " " + hashes;
  }
}
