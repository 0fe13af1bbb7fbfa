package io.ringmaster.protocol.codec;

import io.ringmaster.protocol.command.CommandSpec;
import io.ringmaster.protocol.command.KeySpec;
import io.ringmaster.protocol.command.KeySpec.Index;
import io.ringmaster.protocol.command.KeySpec.KeyCount;
import io.ringmaster.protocol.command.KeySpec.Keyword;
import io.ringmaster.protocol.command.KeySpec.Range;
import io.ringmaster.protocol.command.KeySpec.Unknown;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Writes commands as {@code COMMAND} and {@code COMMAND INFO} of Redis 7.0 do, byte by byte. */
public final class CommandInfoWriter {

  private static final int ELEMENTS = 10;

  private final ReplyWriter out;

  public CommandInfoWriter(ReplyWriter out) {
    this.out = out;
  }

  /** An array of the entries of {@code specs}. */
  public void writeAll(Collection<CommandSpec> specs) {
    out.array(specs.size());
    specs.forEach(this::write);
  }

  /** Writes one entry; nil for a command that does not exist. */
  public void write(@Nullable CommandSpec spec) {
    if (spec == null) {
      out.nil();
      return;
    }
    out.array(ELEMENTS).bulk(spec.name()).integer(spec.arity());
    writeFlags(spec.flags());
    out.integer(spec.firstKey()).integer(spec.lastKey()).integer(spec.keyStep());
    out.set(spec.aclCategories().size());
    spec.aclCategories().forEach(out::simple);
    writeTips(spec.tips());
    out.set(spec.keySpecs().size());
    spec.keySpecs().forEach(this::writeKeySpec);
    writeSubcommands(spec.subcommands());
  }

  private void writeFlags(Collection<? extends Enum<?>> flags) {
    out.set(flags.size());
    flags.forEach(flag -> out.simple(flag.name().toLowerCase(Locale.ROOT)));
  }

  private void writeTips(List<String> tips) {
    out.set(tips.size());
    tips.forEach(out::bulk);
  }

  private void writeSubcommands(List<CommandSpec> subcommands) {
    if (subcommands.isEmpty()) {
      out.set(0);
    } else {
      writeAll(subcommands);
    }
  }

  private void writeKeySpec(KeySpec spec) {
    out.map(spec.notes().isEmpty() ? 3 : 4);
    if (!spec.notes().isEmpty()) {
      out.bulk("notes").bulk(spec.notes());
    }
    out.bulk("flags").set(spec.flags().size());
    spec.flags().forEach(flag -> out.simple(keyFlagName(flag)));
    out.bulk("begin_search");
    writeBegin(spec.begin());
    out.bulk("find_keys");
    writeFind(spec.find());
  }

  // Redis prints those that tell what happens to the whole key in upper case.
  private static String keyFlagName(Enum<?> flag) {
    String name = flag.name();
    return name.length() == 2 ? name : name.toLowerCase(Locale.ROOT);
  }

  private void writeBegin(KeySpec.BeginSearch begin) {
    switch (begin) {
      case Index index -> type("index", 1).bulk("index").integer(index.position());
      case Keyword keyword ->
          type("keyword", 2)
              .bulk("keyword")
              .bulk(keyword.word())
              .bulk("startfrom")
              .integer(keyword.from());
      case Unknown unknown -> type("unknown", 0);
    }
  }

  private void writeFind(KeySpec.FindKeys find) {
    switch (find) {
      case Range range ->
          type("range", 3)
              .bulk("lastkey")
              .integer(range.last())
              .bulk("keystep")
              .integer(range.step())
              .bulk("limit")
              .integer(range.limit());
      case KeyCount count ->
          type("keynum", 3)
              .bulk("keynumidx")
              .integer(count.countIndex())
              .bulk("firstkey")
              .integer(count.first())
              .bulk("keystep")
              .integer(count.step());
      case Unknown unknown -> type("unknown", 0);
    }
  }

  private ReplyWriter type(String name, int fields) {
    return out.map(2).bulk("type").bulk(name).bulk("spec").map(fields);
  }
}
