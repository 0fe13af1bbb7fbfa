package io.ringmaster.proxy.metadata.log;

import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.RecordComponent;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The components of a record by their names. Unknown ones are passed over: a later version may add
 * some. One that is missing is taken from where {@link FormerNames} says that it was, or, if it is
 * a record, from the components around it.
 */
final class RecordCodec<T> implements Codec<T> {

  private final Class<T> type;
  private final String name;
  private final List<Component> components;
  private final Constructor<T> constructor;

  RecordCodec(Class<T> type) {
    this.type = type;
    this.name = kebab(type.getSimpleName());
    RecordComponent[] declared = type.getRecordComponents();
    this.components = Arrays.stream(declared).map(RecordCodec::component).toList();
    this.constructor = constructor(type, declared);
  }

  private record Component(
      String owner,
      String name,
      List<String> names,
      Method accessor,
      Codec<Object> codec,
      Optional<Object> absent) {

    /** Writes the component of {@code record}, if there is something to write. */
    void encode(Object record, Map<String, Object> json) {
      Object written = codec.encode(call(() -> accessor.invoke(record)));
      if (written != null) {
        json.put(name, written);
      }
    }

    Object decode(Map<?, ?> json) {
      for (String known : names) {
        Object found = find(json, known);
        if (found != null) {
          return codec.decode(found);
        }
      }
      if (codec instanceof RecordCodec<Object> around) {
        return around.decode(json);
      }
      return absent.orElseThrow(
          () -> new UnknownFormatException("a " + owner + " without " + name));
    }
  }

  @SuppressWarnings("unchecked")
  private static Component component(RecordComponent declared) {
    String name = kebab(declared.getName());
    Class<?> owner = declared.getDeclaringRecord();
    Codec<Object> codec = (Codec<Object>) Codecs.of(declared.getGenericType());
    return new Component(
        owner.getSimpleName(),
        name,
        FormerNames.with(owner, name),
        declared.getAccessor(),
        codec,
        FormerNames.absent(owner, name).or(codec::absent));
  }

  private static <T> Constructor<T> constructor(Class<T> type, RecordComponent[] declared) {
    Class<?>[] types =
        Arrays.stream(declared).map(RecordComponent::getType).toArray(Class<?>[]::new);
    try {
      return type.getDeclaredConstructor(types);
    } catch (NoSuchMethodException e) {
      throw new IllegalArgumentException(type + " has no constructor of its components", e);
    }
  }

  /** Returns the name of the record, such as {@code add-shard}. */
  String name() {
    return name;
  }

  @Override
  public Map<String, Object> encode(T value) {
    Map<String, Object> json = new LinkedHashMap<>();
    components.forEach(component -> component.encode(value, json));
    return json;
  }

  @Override
  public T decode(Object json) {
    Map<?, ?> map = Codecs.require(Map.class, json);
    Object[] values = components.stream().map(component -> component.decode(map)).toArray();
    return type.cast(call(() -> constructor.newInstance(values)));
  }

  /** Returns a name of Java as one of JSON. */
  static String kebab(String name) {
    return name.replaceAll("(?<=.)(?=[A-Z])", "-").toLowerCase(Locale.ROOT);
  }

  /** Returns what is there under {@code path}: keys with dots between, each in the one before. */
  private static @Nullable Object find(Map<?, ?> json, String path) {
    int dot = path.indexOf('.');
    if (dot < 0) {
      return json.get(path);
    }
    return json.get(path.substring(0, dot)) instanceof Map<?, ?> inner
        ? find(inner, path.substring(dot + 1))
        : null;
  }

  private interface Call {
    Object run() throws ReflectiveOperationException;
  }

  private static Object call(Call call) {
    try {
      return call.run();
    } catch (InvocationTargetException e) {
      // What a constructor throws that checks its arguments is for the caller.
      if (e.getCause() instanceof RuntimeException refused) {
        throw refused;
      }
      throw new IllegalStateException(e);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException(e);
    }
  }
}
