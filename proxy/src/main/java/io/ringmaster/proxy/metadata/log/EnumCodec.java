package io.ringmaster.proxy.metadata.log;

import java.util.HashMap;
import java.util.Locale;
import java.util.Map;

/** The constants of an enum by their names in small letters. */
final class EnumCodec implements Codec<Enum<?>> {

  private final String type;
  private final Map<String, Enum<?>> constants = new HashMap<>();

  EnumCodec(Class<?> type) {
    this.type = type.getSimpleName();
    for (Object constant : type.getEnumConstants()) {
      Enum<?> named = (Enum<?>) constant;
      FormerNames.with(type, encode(named)).forEach(name -> constants.put(name, named));
    }
  }

  @Override
  public String encode(Enum<?> value) {
    return value.name().toLowerCase(Locale.ROOT);
  }

  @Override
  public Enum<?> decode(Object json) {
    Enum<?> constant = constants.get(Codecs.require(String.class, json));
    if (constant == null) {
      throw new UnknownFormatException("a " + type + " that is " + json);
    }
    return constant;
  }
}
