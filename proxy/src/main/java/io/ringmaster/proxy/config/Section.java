package io.ringmaster.proxy.config;

import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigList;
import com.typesafe.config.ConfigObject;
import com.typesafe.config.ConfigOrigin;
import com.typesafe.config.ConfigValue;
import com.typesafe.config.ConfigValueFactory;
import com.typesafe.config.ConfigValueType;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * One block of a configuration while it is read. Every read names a key, its type and its range; a
 * value that does not fit is noted as a problem and a harmless stand-in is returned, so that
 * reading goes on. {@link #close} notes every key that nobody has read.
 */
final class Section implements AutoCloseable {
  private final String path;
  private final ConfigObject content;
  private final List<Problem> problems;
  private final Set<String> known = new TreeSet<>();

  Section(String path, ConfigObject content, List<Problem> problems) {
    this.path = path;
    this.content = content;
    this.problems = problems;
  }

  /** A block within this one. */
  Section section(String key) {
    ConfigValue value = value(key);
    return new Section(pathOf(key), object(value, pathOf(key)), problems);
  }

  /** The blocks of a list within this one; none when the key is absent. */
  List<Section> sections(String key) {
    List<Section> result = new ArrayList<>();
    for (ConfigValue element : list(key, "a list of blocks, [ { ... } ]")) {
      String elementPath = pathOf(key) + "[" + result.size() + "]";
      result.add(new Section(elementPath, object(element, elementPath), problems));
    }
    return result;
  }

  int integer(String key, int min, int max) {
    String allowed = "a whole number, " + min + " to " + max;
    ConfigValue value = value(key);
    if (value == null) {
      return missing(key, allowed, min);
    }
    Optional<Long> number = wholeNumber(value);
    if (number.isEmpty()) {
      return wrongType(key, value, allowed, min);
    }
    return within(number.get(), min, max)
        ? number.get().intValue()
        : wrong(key, value, allowed, min);
  }

  /** As {@link #integer}, where the key may be absent. */
  int integer(String key, int min, int max, int absent) {
    known.add(key);
    return content.containsKey(key) ? integer(key, min, max) : absent;
  }

  boolean flag(String key) {
    ConfigValue value = value(key);
    if (value == null) {
      return missing(key, "true or false", false);
    }
    try {
      return value.atKey("value").getBoolean("value");
    } catch (ConfigException ignored) {
      return wrongType(key, value, "true or false", false);
    }
  }

  /** As {@link #flag(String)}, where the key may be absent. */
  boolean flag(String key, boolean absent) {
    known.add(key);
    return content.containsKey(key) ? flag(key) : absent;
  }

  /** Bytes; 0 is allowed beside the range when {@code zero} says so. */
  long size(String key, String min, String max, boolean zero) {
    String allowed = "a size, " + (zero ? "0 or " : "") + min + " to " + max;
    ConfigValue value = value(key);
    if (value == null) {
      return missing(key, allowed, 0L);
    }
    try {
      long bytes = bytes(value);
      boolean fits = within(bytes, bytes(min), bytes(max)) || (zero && bytes == 0);
      return fits ? bytes : wrong(key, value, allowed, 0L);
    } catch (ConfigException | ArithmeticException ignored) {
      return wrongType(key, value, allowed, 0L);
    }
  }

  int size(String key, String min, String max) {
    return Math.toIntExact(size(key, min, max, false));
  }

  /**
   * A duration; zero is allowed beside the range when {@code zero} says so, and is the only one
   * without a unit.
   */
  Duration duration(String key, String min, String max, boolean zero) {
    String allowed = "a duration with its unit, " + (zero ? "0 or " : "") + min + " to " + max;
    ConfigValue value = value(key);
    if (value == null) {
      return missing(key, allowed, Duration.ZERO);
    }
    if (wholeNumber(value).filter(number -> number != 0).isPresent()) {
      return wrong(key, value, allowed, Duration.ZERO);
    }
    try {
      Duration duration = duration(value);
      boolean inside =
          duration.compareTo(duration(min)) >= 0 && duration.compareTo(duration(max)) <= 0;
      boolean fits = inside || (zero && duration.isZero());
      return fits ? duration : wrong(key, value, allowed, Duration.ZERO);
    } catch (ConfigException ignored) {
      return wrongType(key, value, allowed, Duration.ZERO);
    }
  }

  /** The constant whose lower-case name stands there. */
  <E extends Enum<E>> E choice(String key, Class<E> type) {
    E[] constants = type.getEnumConstants();
    String allowed = Stream.of(constants).map(Section::nameOf).collect(Collectors.joining(", "));
    String name = text(key, allowed, any -> true);
    for (E constant : constants) {
      if (nameOf(constant).equals(name.replace('_', '-'))) {
        return constant;
      }
    }
    ConfigValue value = content.get(key);
    return value == null || value.valueType() != ConfigValueType.STRING
        ? constants[0]
        : wrong(key, value, allowed, constants[0]);
  }

  /** As {@link #choice(String, Class)}, or {@code absent} if the key is not there. */
  <E extends Enum<E>> E choice(String key, Class<E> type, E absent) {
    known.add(key);
    return content.containsKey(key) ? choice(key, type) : absent;
  }

  String text(String key, String allowed, Predicate<String> valid) {
    ConfigValue value = value(key);
    if (value == null) {
      return missing(key, allowed, "");
    }
    return text(pathOf(key), value, allowed, valid).orElse("");
  }

  /** A text that no message may show. */
  Secret secret(String key) {
    ConfigValue value = value(key);
    if (value == null
        || value.valueType() == ConfigValueType.STRING
        || wholeNumber(value).isPresent()) {
      return new Secret(value == null ? "" : value.atKey("value").getString("value"));
    }
    note(pathOf(key), value, "wrong type " + nameOf(value.valueType()), "a text in quotes");
    return new Secret("");
  }

  /** Texts that no message may show. */
  List<Secret> secrets(String key) {
    return list(key, "a list of texts").stream()
        .map(element -> new Secret(String.valueOf(element.unwrapped())))
        .toList();
  }

  Optional<Address> address(String key) {
    String text = text(key, Address.FORM, found -> Address.parse(found).isPresent());
    return Address.parse(text);
  }

  /** The valid texts of a list; none when the key is absent. */
  List<String> texts(String key, String allowed, Predicate<String> valid) {
    List<String> result = new ArrayList<>();
    int index = 0;
    for (ConfigValue element : list(key, "a list, each " + allowed)) {
      text(pathOf(key) + "[" + index++ + "]", element, allowed, valid).ifPresent(result::add);
    }
    return result;
  }

  List<Address> addresses(String key) {
    return texts(key, Address.FORM, text -> Address.parse(text).isPresent()).stream()
        .flatMap(text -> Address.parse(text).stream())
        .toList();
  }

  /** Notes a problem of a value that is valid by itself but not beside another one. */
  void conflict(String key, String mistake, String allowed) {
    ConfigValue value = content.get(key);
    note(pathOf(key), value == null ? content : value, mistake, allowed);
  }

  /** Notes every key that nobody has read. */
  @Override
  public void close() {
    content.forEach(
        (key, value) -> {
          if (!known.contains(key)) {
            note(pathOf(key), value, "unknown key", String.join(", ", known));
          }
        });
  }

  private ConfigObject object(@Nullable ConfigValue value, String valuePath) {
    if (value instanceof ConfigObject object) {
      return object;
    }
    if (value != null) {
      note(valuePath, value, "wrong type " + nameOf(value.valueType()), "a block, { ... }");
    }
    return ConfigValueFactory.fromMap(Map.of());
  }

  private List<ConfigValue> list(String key, String allowed) {
    ConfigValue value = value(key);
    if (value instanceof ConfigList list) {
      return list;
    }
    return value == null ? List.of() : wrongType(key, value, allowed, List.of());
  }

  private Optional<String> text(
      String valuePath, ConfigValue value, String allowed, Predicate<String> valid) {
    if (value.valueType() != ConfigValueType.STRING) {
      note(valuePath, value, "wrong type " + nameOf(value.valueType()), allowed);
      return Optional.empty();
    }
    String text = (String) value.unwrapped();
    if (!valid.test(text)) {
      note(valuePath, value, "\"" + text + "\" is not valid", allowed);
      return Optional.empty();
    }
    return Optional.of(text);
  }

  private @Nullable ConfigValue value(String key) {
    known.add(key);
    return content.get(key);
  }

  private <T> T missing(String key, String allowed, T standIn) {
    note(pathOf(key), content, "missing", allowed);
    return standIn;
  }

  private <T> T wrongType(String key, ConfigValue value, String allowed, T standIn) {
    boolean text = value.valueType() == ConfigValueType.STRING;
    String mistake =
        text ? shown(value) + " is not valid" : "wrong type " + nameOf(value.valueType());
    note(pathOf(key), value, mistake, allowed);
    return standIn;
  }

  private <T> T wrong(String key, ConfigValue value, String allowed, T standIn) {
    note(pathOf(key), value, shown(value) + " is not valid", allowed);
    return standIn;
  }

  private void note(String valuePath, ConfigValue value, String mistake, String allowed) {
    problems.add(new Problem(where(value.origin()), valuePath, mistake, allowed));
  }

  private String pathOf(String key) {
    return path.isEmpty() ? key : path + "." + key;
  }

  /** File and line of an origin, or the command-line option it describes. */
  static String where(ConfigOrigin origin) {
    String file = origin.filename();
    String source = file == null ? origin.description().replaceAll(": \\d+$", "") : file;
    boolean option = source.startsWith("--");
    return origin.lineNumber() < 1 || option ? source : source + ":" + origin.lineNumber();
  }

  private static Optional<Long> wholeNumber(ConfigValue value) {
    try {
      return Optional.of(Long.parseLong(value.unwrapped() + ""));
    } catch (NumberFormatException ignored) {
      return Optional.empty();
    }
  }

  private static boolean within(long value, long min, long max) {
    return value >= min && value <= max;
  }

  private static long bytes(ConfigValue value) {
    return value.atKey("value").getMemorySize("value").toBytes();
  }

  private static long bytes(String text) {
    return bytes(ConfigValueFactory.fromAnyRef(text));
  }

  private static Duration duration(ConfigValue value) {
    return value.atKey("value").getDuration("value");
  }

  private static Duration duration(String text) {
    return duration(ConfigValueFactory.fromAnyRef(text));
  }

  private static String shown(ConfigValue value) {
    return value.unwrapped() instanceof String text
        ? "\"" + text + "\""
        : String.valueOf(value.unwrapped());
  }

  private static String nameOf(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
