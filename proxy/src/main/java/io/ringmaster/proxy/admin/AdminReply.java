package io.ringmaster.proxy.admin;

import com.typesafe.config.ConfigRenderOptions;
import com.typesafe.config.ConfigValueFactory;
import io.ringmaster.protocol.codec.ReplyWriter;
import java.util.List;
import java.util.Map;

/** Writes a value made of maps, lists, texts, numbers and booleans. */
final class AdminReply {

  private AdminReply() {}

  /** Maps in RESP3, flat arrays in RESP2. */
  static void write(Object value, ReplyWriter reply) {
    switch (value) {
      case Map<?, ?> map -> {
        reply.map(map.size());
        map.forEach(
            (key, element) -> {
              write(key, reply);
              write(element, reply);
            });
      }
      case List<?> list -> {
        reply.array(list.size());
        list.forEach(element -> write(element, reply));
      }
      case Integer number -> reply.integer(number);
      case Long number -> reply.integer(number);
      case Double number -> reply.real(number);
      case Boolean flag -> reply.bool(flag);
      default -> reply.bulk(value.toString());
    }
  }

  static String json(Object value) {
    return ConfigValueFactory.fromAnyRef(value).render(ConfigRenderOptions.concise());
  }
}
