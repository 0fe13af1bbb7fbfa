package io.ringmaster.proxy.metadata.log;

import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;

/** The records that a sealed interface permits: their components, and which of them it is. */
final class SealedCodec<T> implements Codec<T> {

  private static final String KIND = "kind";

  private final Class<T> type;
  private final Map<Class<?>, RecordCodec<T>> byClass = new HashMap<>();
  private final Map<String, RecordCodec<T>> byKind = new HashMap<>();

  /** The kind of a record is its name in small letters, and as such what it was called before. */
  SealedCodec(Class<T> type) {
    this.type = type;
    for (Class<?> permitted : type.getPermittedSubclasses()) {
      @SuppressWarnings("unchecked")
      RecordCodec<T> codec = new RecordCodec<>((Class<T>) permitted);
      byClass.put(permitted, codec);
      for (String kind : FormerNames.with(permitted, codec.name())) {
        if (byKind.put(kind, codec) != null) {
          throw new IllegalArgumentException("two kinds of " + type + " are called " + kind);
        }
      }
    }
  }

  @Override
  public Map<String, Object> encode(T value) {
    RecordCodec<T> codec = Objects.requireNonNull(byClass.get(value.getClass()));
    Map<String, Object> json = new LinkedHashMap<>(codec.encode(value));
    json.put(KIND, codec.name());
    return json;
  }

  @Override
  public T decode(Object json) {
    Map<?, ?> map = Codecs.require(Map.class, json);
    Object kind = map.containsKey(KIND) ? map.get(KIND) : kindWithin(map);
    RecordCodec<T> codec = byKind.get(kind);
    if (codec == null) {
      throw new UnknownFormatException("a " + type.getSimpleName() + " of kind " + kind);
    }
    return codec.decode(json);
  }

  /** Format 3 names the kind of a log entry by one of its keys. */
  private String kindWithin(Map<?, ?> json) {
    return byKind.keySet().stream().filter(json::containsKey).findAny().orElse("");
  }
}
