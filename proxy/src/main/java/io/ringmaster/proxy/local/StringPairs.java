package io.ringmaster.proxy.local;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;

/** Reads a reply that is a map, or flat array, of bulk strings. */
final class StringPairs {

  private StringPairs() {}

  static Map<String, String> parse(byte[] frame) {
    ByteBuf in = Unpooled.wrappedBuffer(frame);
    String head = line(in);
    int strings = Integer.parseInt(head.substring(1)) * (head.startsWith("%") ? 2 : 1);
    Map<String, String> pairs = new LinkedHashMap<>();
    for (int i = 0; i < strings; i += 2) {
      String name = string(in);
      pairs.put(name, string(in));
    }
    return pairs;
  }

  private static String string(ByteBuf in) {
    int length = Integer.parseInt(line(in).substring(1));
    String string = in.readCharSequence(length, StandardCharsets.UTF_8).toString();
    in.skipBytes(2);
    return string;
  }

  private static String line(ByteBuf in) {
    String line =
        in.readCharSequence(in.bytesBefore((byte) '\r'), StandardCharsets.US_ASCII).toString();
    in.skipBytes(2);
    return line;
  }
}
