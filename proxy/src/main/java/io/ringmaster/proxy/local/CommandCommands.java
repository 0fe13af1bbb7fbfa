package io.ringmaster.proxy.local;

import static io.ringmaster.proxy.local.Words.keyword;
import static io.ringmaster.proxy.local.Words.text;

import io.ringmaster.protocol.Arguments;
import io.ringmaster.protocol.codec.CommandInfoWriter;
import io.ringmaster.protocol.codec.ReplyWriter;
import io.ringmaster.protocol.codec.RequestFrame;
import io.ringmaster.protocol.command.CommandSpec;
import io.ringmaster.protocol.command.CommandTable;
import io.ringmaster.protocol.command.KeyFinder;
import io.ringmaster.protocol.command.KeySearch;
import io.ringmaster.proxy.dispatch.CommandHandler;
import io.ringmaster.proxy.dispatch.Errors;
import io.ringmaster.proxy.frontend.ClientConnection;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** COMMAND and its subcommands that the command table answers. */
public final class CommandCommands {

  private final CommandTable table;
  private final List<CommandSpec> topLevel;

  public CommandCommands(CommandTable table) {
    this.table = table;
    this.topLevel = table.all().stream().filter(spec -> spec.parent() == null).toList();
  }

  /** The handlers by command. */
  public Map<String, CommandHandler> handlers() {
    Map<String, CommandHandler> handlers = new HashMap<>();
    handlers.put(
        "command",
        LocalHandler.of(
            (client, request, reply) -> new CommandInfoWriter(reply).writeAll(topLevel)));
    handlers.put(
        "command|count",
        LocalHandler.of((client, request, reply) -> reply.integer(topLevel.size())));
    handlers.put("command|info", LocalHandler.of(this::info));
    handlers.put("command|list", LocalHandler.of(this::list));
    handlers.put("command|getkeys", LocalHandler.of(this::getKeys));
    return handlers;
  }

  private void info(ClientConnection client, RequestFrame request, ReplyWriter reply) {
    CommandInfoWriter writer = new CommandInfoWriter(reply);
    if (request.count() == 2) {
      writer.writeAll(topLevel);
      return;
    }
    if (request.count() - 2 > table.all().size()) {
      reply.error("ERR there are only " + table.all().size() + " commands");
      return;
    }
    reply.array(request.count() - 2);
    for (int i = 2; i < request.count(); i++) {
      writer.write(table.find(text(request, i)));
    }
  }

  private void list(ClientConnection client, RequestFrame request, ReplyWriter reply) {
    Predicate<CommandSpec> filter = filter(request);
    if (filter == null) {
      reply.error(Errors.SYNTAX);
      return;
    }
    List<CommandSpec> listed = topLevel.stream().filter(filter).toList();
    reply.array(listed.size());
    listed.forEach(spec -> reply.bulk(spec.name()));
  }

  private static @Nullable Predicate<CommandSpec> filter(Arguments request) {
    if (request.count() == 2) {
      return spec -> true;
    }
    if (request.count() != 5 || !keyword(request, 2).equals("FILTERBY")) {
      return null;
    }
    String wanted = text(request, 4).toLowerCase(Locale.ROOT);
    return switch (keyword(request, 3)) {
      case "MODULE" -> spec -> false;
      case "ACLCAT" -> spec -> spec.aclCategories().contains("@" + wanted);
      case "PATTERN" -> {
        Glob pattern = new Glob(wanted);
        yield spec -> pattern.matches(spec.name());
      }
      default -> null;
    };
  }

  private void getKeys(ClientConnection client, RequestFrame request, ReplyWriter reply) {
    Arguments inner = new Shifted(request);
    CommandSpec spec = table.find(text(request, 2));
    if (spec != null && spec.hasSubcommands() && inner.count() > 1) {
      spec = spec.subcommand(inner.bytes(1));
    }
    if (spec == null) {
      reply.error("ERR Invalid command specified");
      return;
    }
    switch (KeyFinder.listed(spec, inner)) {
      case KeySearch.Missing missing -> reply.error("ERR " + missing.message());
      case KeySearch.Found found -> writeKeys(inner, found.positions(), reply);
    }
  }

  private static void writeKeys(Arguments request, int[] positions, ReplyWriter reply) {
    if (positions.length == 0) {
      reply.error("ERR " + KeySearch.Missing.NO_KEY_ARGUMENTS.message());
      return;
    }
    reply.array(positions.length);
    for (int position : positions) {
      reply.bulk(request.bytes(position));
    }
  }

  /** The request that follows {@code COMMAND GETKEYS}. */
  private record Shifted(Arguments request) implements Arguments {
    @Override
    public int count() {
      return request.count() - 2;
    }

    @Override
    public int length(int index) {
      return request.length(index + 2);
    }

    @Override
    public byte[] bytes(int index) {
      return request.bytes(index + 2);
    }
  }
}
