package io.ringmaster.proxy.dispatch;

import io.netty.buffer.ByteBuf;
import io.ringmaster.protocol.codec.ReplyFrame;
import io.ringmaster.protocol.command.CommandSpec;
import io.ringmaster.protocol.command.CommandTable;
import io.ringmaster.protocol.command.ResponsePolicy;
import io.ringmaster.proxy.dispatch.Gathering.Merger;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.LongStream;

/**
 * How the replies of several shards become one, after the response policies of Redis' command tips.
 */
final class Mergers {

  private final Elements elements = new Elements();
  private final ResponsePolicy[] policies;

  Mergers(CommandTable table) {
    policies = table.all().stream().map(CommandSpec::responsePolicy).toArray(ResponsePolicy[]::new);
  }

  /** Whether the reply has one element for each key, in the order of the keys. */
  boolean keepsOrder(CommandSpec command) {
    return policies[command.id()] == ResponsePolicy.DEFAULT;
  }

  Merger of(CommandSpec command) {
    return switch (policies[command.id()]) {
      case ALL_SUCCEEDED, ONE_SUCCEEDED -> Mergers::first;
      case AGG_SUM -> (parts, out, writer) -> writer.integer(integers(parts).sum());
      case AGG_MIN -> (parts, out, writer) -> writer.integer(integers(parts).min().orElse(0));
      case AGG_MAX -> (parts, out, writer) -> writer.integer(integers(parts).max().orElse(0));
      case AGG_LOGICAL_AND -> (parts, out, writer) -> logical(parts, out, true);
      case AGG_LOGICAL_OR -> (parts, out, writer) -> logical(parts, out, false);
      case DEFAULT, SPECIAL -> (parts, out, writer) -> keys(parts, out);
    };
  }

  /** One element for each key: the next one of the part {@code shardOfKey} names. */
  Merger inOrder(int[] shardOfKey, Part[] partOfShard) {
    return (parts, out, writer) -> {
      parts.forEach(part -> arraySize(part.reply()));
      writer.array(shardOfKey.length);
      for (int shard : shardOfKey) {
        ByteBuf reply = partOfShard[shard].reply();
        ReplyFrame element = elements.next(reply);
        out.writeBytes(reply, element.start(), element.length());
      }
    };
  }

  private static void first(List<Part> parts, ByteBuf out, Object writer) {
    out.writeBytes(parts.getFirst().reply());
  }

  private static void keys(List<Part> parts, ByteBuf out) {
    int size = 0;
    for (Part part : parts) {
      size += arraySize(part.reply());
    }
    out.writeCharSequence("*" + size + "\r\n", StandardCharsets.US_ASCII);
    parts.forEach(part -> out.writeBytes(part.reply()));
  }

  /** Element-wise over arrays of 0 and 1. */
  private static void logical(List<Part> parts, ByteBuf out, boolean and) {
    int size = 0;
    for (Part part : parts) {
      size = arraySize(part.reply());
    }
    out.writeCharSequence("*" + size + "\r\n", StandardCharsets.US_ASCII);
    for (int i = 0; i < size; i++) {
      boolean all = true;
      boolean any = false;
      for (Part part : parts) {
        boolean one = line(part.reply()).endsWith("1");
        all &= one;
        any |= one;
      }
      out.writeCharSequence((and ? all : any) ? ":1\r\n" : ":0\r\n", StandardCharsets.US_ASCII);
    }
  }

  private static LongStream integers(List<Part> parts) {
    return parts.stream().mapToLong(part -> header(part.reply(), ":"));
  }

  static int arraySize(ByteBuf reply) {
    return Math.toIntExact(header(reply, "*"));
  }

  private static long header(ByteBuf reply, String type) {
    String line = line(reply);
    if (!line.startsWith(type)) {
      throw new IllegalStateException("a shard answered " + line + ", not " + type);
    }
    return Long.parseLong(line.substring(1));
  }

  /** The next line, without its end. */
  static String line(ByteBuf reply) {
    int length = reply.bytesBefore((byte) '\r');
    String line = reply.readCharSequence(length, StandardCharsets.ISO_8859_1).toString();
    reply.skipBytes(2);
    return line;
  }
}
