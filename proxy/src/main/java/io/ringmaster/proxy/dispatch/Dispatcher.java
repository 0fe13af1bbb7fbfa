package io.ringmaster.proxy.dispatch;

import io.ringmaster.protocol.codec.RequestFrame;
import io.ringmaster.protocol.command.Access;
import io.ringmaster.protocol.command.CommandSpec;
import io.ringmaster.protocol.command.CommandTable;
import io.ringmaster.protocol.command.Treatment;
import io.ringmaster.proxy.frontend.ClientConnection;
import io.ringmaster.proxy.frontend.RequestSink;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Finds the command of a request in the command table and hands it to the handler of its shape. */
public final class Dispatcher implements RequestSink {

  private static final Logger LOG = LoggerFactory.getLogger(Dispatcher.class);
  private static final int LONGEST_NAME = 24;
  private static final Set<String> HTTP_VERBS = Set.of("POST", "PUT", "HEAD", "OPTIONS", "HOST:");

  private final CommandTable table;
  private final Router router;
  private final ParkedRequests parked;
  private final CommandHandler[] handlers;
  private final Access[] access;
  private final boolean[] readOnly;

  /**
   * @param own handlers of the commands that have one of their own, by the name in the table; all
   *     others are handled as the table says
   * @param forAdministrators commands that only administrators may send, besides those that the
   *     table says; with the name of a command that has subcommands all of them
   */
  public Dispatcher(
      CommandTable table,
      Router router,
      ParkedRequests parked,
      ScriptCache scripts,
      Flushes flushes,
      Map<String, CommandHandler> own,
      Set<String> forAdministrators) {
    this.table = table;
    this.router = router;
    this.parked = parked;
    this.handlers = new CommandHandler[table.all().size()];
    this.access = new Access[handlers.length];
    this.readOnly = new boolean[handlers.length];
    Shapes shapes = new Shapes(table, router, scripts, flushes);
    for (CommandSpec command : table.all()) {
      CommandHandler handler = own.get(command.name());
      handlers[command.id()] = handler != null ? handler : shapes.of(command);
      readOnly[command.id()] = command.isReadOnly() || command.treatment() == Treatment.LOCAL;
      access[command.id()] =
          forAdministrators.contains(command.name())
                  || forAdministrators.contains(topLevel(command))
              ? Access.ADMINISTRATOR
              : command.access();
    }
  }

  @Override
  public boolean accept(ClientConnection client, RequestFrame request) {
    CommandSpec command = find(client, request);
    if (command == null) {
      return true;
    }
    CommandHandler handler = handlers[command.id()];
    if (!router.keepsOrder(client)
        || (client.inFlight() > 0
            && (handler.waitsForReplies()
                || isLarge(client, request)
                || overtakes(client, command)))) {
      return false;
    }
    Route route = router.route(client, command, request);
    if (route.hasReservedKey()) {
      refuse(client, request, Errors.RESERVED_KEY);
      return true;
    }
    ParkedRequests.Decision decision = parked.decide(client, command, request, route);
    if (decision != ParkedRequests.Decision.PROCEEDS) {
      return decision == ParkedRequests.Decision.FAILED;
    }
    request.readOnly(readOnly[command.id()]);
    client.session().lastCommand(command.name());
    client.countRequest(request);
    handler.handle(client, command, request, route);
    return true;
  }

  /**
   * Whether it or what it follows is a request that travels on a connection of its own, so that
   * only waiting keeps their order.
   */
  private boolean isLarge(ClientConnection client, RequestFrame request) {
    return router.isLarge(request.frameLength()) || router.isLarge(client.oldestRequestBytes());
  }

  /** Whether a read that another node answers might see what the client wrote behind it. */
  private boolean overtakes(ClientConnection client, CommandSpec command) {
    return client.session().readsElsewhere() && !readOnly[command.id()];
  }

  /** The command, or null if the client was told that it cannot be executed. */
  private @Nullable CommandSpec find(ClientConnection client, RequestFrame request) {
    int length = request.length(0);
    CommandSpec command =
        length > LONGEST_NAME
            ? table.findLong(text(request, 0))
            : table.find(
                request.nameWord(0),
                length > 8 ? request.nameWord(1) : 0,
                length > 16 ? request.nameWord(2) : 0);
    String error = null;
    if (command == null) {
      error = Errors.unknownCommand(request);
    } else if (command.hasSubcommands() && request.count() > 1) {
      CommandSpec subcommand = command.subcommand(request.bytes(1));
      error = subcommand == null ? Errors.unknownSubcommand(command, request) : null;
      command = subcommand;
    }
    if (command != null && !accepts(command, request)) {
      error = Errors.wrongArguments(command);
    } else if (command != null && !client.session().has(access[command.id()])) {
      error = client.session().isAuthenticated() ? Errors.noPermission(command) : Errors.NO_AUTH;
    }
    if (error == null) {
      return command;
    }
    refuse(client, request, error);
    return null;
  }

  private static String topLevel(CommandSpec command) {
    CommandSpec parent = command.parent();
    return parent == null ? command.name() : parent.name();
  }

  /**
   * A newer server may take more arguments than the table knows; it is asked wherever the key is
   * known.
   */
  private static boolean accepts(CommandSpec command, RequestFrame request) {
    return command.arityAccepts(request.count())
        || (command.treatment() == Treatment.ROUTED
            && command.singleKeyAtOne()
            && request.count() > 1
            && !isHttp(request));
  }

  private void refuse(ClientConnection client, RequestFrame request, String error) {
    if (isHttp(request)) {
      LOG.warn("closed client {}: it speaks HTTP", client.remoteAddress());
      client.closeNow();
    } else {
      client.countRequest(request);
      client.open(request.frameLength(), true).fail(error);
    }
  }

  /**
   * A web page that makes a browser send a request to this port must not get its body executed as
   * commands.
   */
  private static boolean isHttp(RequestFrame request) {
    String name = text(request, 0);
    return HTTP_VERBS.contains(name.toUpperCase(Locale.ROOT))
        || (name.equals("GET") && request.count() == 3 && text(request, 2).startsWith("HTTP/"));
  }

  private static String text(RequestFrame request, int index) {
    return request.length(index) > 64
        ? ""
        : new String(request.bytes(index), StandardCharsets.ISO_8859_1);
  }

  /** The handlers of the shapes. */
  private static final class Shapes {
    private final CommandHandler single;
    private final CommandHandler split;
    private final CommandHandler broadcast;
    private final CommandHandler refuse = new RefusalHandler();
    private final Map<String, CommandHandler> special;

    Shapes(CommandTable table, Router router, ScriptCache scripts, Flushes flushes) {
      Mergers mergers = new Mergers(table);
      single = new SingleShardHandler(router);
      split = new SplitHandler(router, mergers);
      BroadcastHandler everywhere = new BroadcastHandler(router, mergers, flushes);
      broadcast = everywhere;
      CommandHandler scriptCache = new ScriptCacheHandler(everywhere, scripts);
      CommandHandler eval = new EvalHandler(router, scripts);
      CommandHandler evalByDigest = new EvalShaHandler(router, scripts);
      CommandHandler scan = new ScanHandler(router);
      special =
          Map.ofEntries(
              Map.entry("scan", scan),
              Map.entry("hscan", scan),
              Map.entry("sscan", scan),
              Map.entry("zscan", scan),
              Map.entry("randomkey", new RandomKeyHandler(everywhere)),
              Map.entry("copy", new CopyHandler(single)),
              Map.entry("script|load", scriptCache),
              Map.entry("script|exists", scriptCache),
              Map.entry("script|flush", scriptCache),
              Map.entry("eval", eval),
              Map.entry("eval_ro", eval),
              Map.entry("evalsha", evalByDigest),
              Map.entry("evalsha_ro", evalByDigest),
              Map.entry("kv.version", new VersionHandler(router, flushes.marker())));
    }

    CommandHandler of(CommandSpec command) {
      CommandHandler own = special.get(command.name());
      if (own != null) {
        return own;
      }
      Treatment treatment = command.treatment();
      return switch (treatment) {
        case ROUTED -> single;
        case SPLIT -> split;
        case BROADCAST -> broadcast;
        case LOCAL, DEDICATED, REFUSED -> refuse;
      };
    }
  }
}
