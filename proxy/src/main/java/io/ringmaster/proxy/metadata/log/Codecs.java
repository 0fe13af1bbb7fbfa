package io.ringmaster.proxy.metadata.log;

import static java.util.Map.entry;

import io.ringmaster.cluster.ring.SlotRange;
import io.ringmaster.cluster.ring.SlotTable;
import io.ringmaster.cluster.topology.MarkerPosition;
import io.ringmaster.cluster.topology.Node;
import io.ringmaster.cluster.topology.NodeId;
import io.ringmaster.cluster.topology.Topology;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The codec of each type. A record is written as a map of its components; a sealed interface, all
 * of whose subclasses are records, as such a map with the {@code kind}. What is to be written
 * otherwise stands here.
 */
final class Codecs {

  private static final Codec<String> TEXT = new PlainCodec<>(String.class);
  private static final Codec<Number> NUMBER = new PlainCodec<>(Number.class);
  private static final Codec<Long> LONG = NUMBER.map(number -> number, Number::longValue);
  private static final Codec<NodeId> NODE = TEXT.map(NodeId::toString, NodeId::parse);
  private static final Codec<List<SlotRange>> RANGES = TEXT.map(Codecs::text, Codecs::ranges);

  private static final Map<Type, Codec<?>> OWN =
      Map.ofEntries(
          entry(String.class, TEXT),
          entry(long.class, LONG),
          entry(Long.class, LONG),
          entry(int.class, NUMBER.map(number -> number, Number::intValue)),
          entry(boolean.class, new PlainCodec<>(Boolean.class)),
          entry(OptionalLong.class, new OptionalCodec<>(LONG).map(Codecs::boxed, Codecs::unboxed)),
          entry(Duration.class, LONG.map(Duration::toMillis, Duration::ofMillis)),
          entry(Instant.class, LONG.map(Instant::toEpochMilli, Instant::ofEpochMilli)),
          entry(NodeId.class, NODE),
          entry(MarkerPosition.class, TEXT.map(MarkerPosition::toString, MarkerPosition::parse)),
          entry(
              SlotTable.class,
              new MapCodec<>(TEXT, RANGES).map(SlotTable::slotsByShard, SlotTable::of)));

  /** By the elements: lists that are not written element by element. */
  private static final Map<Type, Codec<?>> LISTS =
      Map.of(
          SlotRange.class,
          RANGES,
          Node.class,
          new ListCodec<>(NODE).map(Codecs::ids, Codecs::nodes));

  private Codecs() {}

  /**
   * Returns the codec of {@code type}.
   *
   * @throws IllegalArgumentException if there is none, as for a class that is no record
   */
  static Codec<?> of(Type type) {
    Codec<?> own = OWN.get(type);
    if (own != null) {
      return own;
    }
    if (type instanceof ParameterizedType generic) {
      return of(generic);
    }
    if (type == Topology.class) {
      return new RecordCodec<>(WrittenTopology.class)
          .map(WrittenTopology::of, WrittenTopology::restored);
    }
    Class<?> plain = (Class<?>) type;
    if (plain.isEnum()) {
      return new EnumCodec(plain);
    }
    if (plain.isRecord()) {
      return new RecordCodec<>(plain);
    }
    if (plain.isSealed()) {
      return new SealedCodec<>(plain);
    }
    throw new IllegalArgumentException("it is not known how to write " + type);
  }

  private static Codec<?> of(ParameterizedType type) {
    Type first = type.getActualTypeArguments()[0];
    if (type.getRawType() == List.class) {
      Codec<?> own = LISTS.get(first);
      return own == null ? new ListCodec<>(of(first)) : own;
    }
    if (type.getRawType() == Optional.class) {
      return new OptionalCodec<>(of(first));
    }
    if (type.getRawType() == Map.class) {
      return new MapCodec<>(of(first), of(type.getActualTypeArguments()[1]));
    }
    throw new IllegalArgumentException("it is not known how to write " + type);
  }

  /** Returns the JSON as what it has to be. */
  static <J> J require(Class<J> type, Object json) {
    if (!type.isInstance(json)) {
      throw new UnknownFormatException(json + " for a " + type.getSimpleName());
    }
    return type.cast(json);
  }

  private record PlainCodec<T>(Class<T> type) implements Codec<T> {

    @Override
    public Object encode(T value) {
      return value;
    }

    @Override
    public T decode(Object json) {
      return require(type, json);
    }
  }

  private record OptionalCodec<T>(Codec<T> value) implements Codec<Optional<T>> {

    @Override
    public @Nullable Object encode(Optional<T> optional) {
      return optional.isPresent() ? value.encode(optional.get()) : null;
    }

    @Override
    public Optional<T> decode(Object json) {
      return Optional.of(value.decode(json));
    }

    @Override
    public Optional<Optional<T>> absent() {
      return Optional.of(Optional.empty());
    }
  }

  private record ListCodec<T>(Codec<T> element) implements Codec<List<T>> {

    @Override
    public Object encode(List<T> list) {
      return list.stream().map(element::encode).toList();
    }

    @Override
    public List<T> decode(Object json) {
      List<T> list = new ArrayList<>();
      for (Object one : require(List.class, json)) {
        list.add(element.decode(one));
      }
      return List.copyOf(list);
    }
  }

  private record MapCodec<K, V>(Codec<K> key, Codec<V> value) implements Codec<Map<K, V>> {

    @Override
    public Object encode(Map<K, V> map) {
      Map<Object, Object> json = new HashMap<>();
      map.forEach((one, of) -> json.put(key.encode(one), value.encode(of)));
      return json;
    }

    @Override
    public Map<K, V> decode(Object json) {
      Map<K, V> map = new HashMap<>();
      for (Map.Entry<?, ?> entry : ((Map<?, ?>) require(Map.class, json)).entrySet()) {
        map.put(key.decode(entry.getKey()), value.decode(entry.getValue()));
      }
      return Map.copyOf(map);
    }
  }

  private static Optional<Long> boxed(OptionalLong value) {
    return value.isPresent() ? Optional.of(value.getAsLong()) : Optional.empty();
  }

  private static OptionalLong unboxed(Optional<Long> value) {
    return value.isPresent() ? OptionalLong.of(value.get()) : OptionalLong.empty();
  }

  /** The leader comes first. */
  private static List<NodeId> ids(List<Node> nodes) {
    return nodes.stream().map(Node::id).toList();
  }

  private static List<Node> nodes(List<NodeId> ids) {
    List<Node> nodes = new ArrayList<>();
    for (NodeId id : ids) {
      nodes.add(nodes.isEmpty() ? Node.leader(id) : Node.replica(id));
    }
    return nodes;
  }

  /** As Redis prints them, with blanks between. */
  private static String text(List<SlotRange> ranges) {
    return ranges.stream().map(SlotRange::toString).collect(Collectors.joining(" "));
  }

  private static List<SlotRange> ranges(String text) {
    List<SlotRange> ranges = new ArrayList<>();
    for (String range : text.isEmpty() ? new String[0] : text.split(" ")) {
      int dash = range.indexOf('-');
      int first = Integer.parseInt(dash < 0 ? range : range.substring(0, dash));
      ranges.add(new SlotRange(first, Integer.parseInt(range.substring(dash + 1))));
    }
    return ranges;
  }
}
