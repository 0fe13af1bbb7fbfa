package io.ringmaster.proxy.local;

import static io.ringmaster.proxy.local.Words.keyword;
import static io.ringmaster.proxy.local.Words.text;

import io.ringmaster.protocol.codec.ReplyWriter;
import io.ringmaster.protocol.codec.RequestFrame;
import io.ringmaster.protocol.command.CommandSpec;
import io.ringmaster.proxy.dispatch.CommandHandler;
import io.ringmaster.proxy.dispatch.Errors;
import io.ringmaster.proxy.dispatch.Route;
import io.ringmaster.proxy.frontend.ClientConnection;
import io.ringmaster.proxy.frontend.Frontend;
import io.ringmaster.proxy.frontend.Frontends;
import io.ringmaster.proxy.frontend.PendingReply;
import io.ringmaster.proxy.frontend.Preferences;
import io.ringmaster.proxy.frontend.ReplyMode;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.Collectors;

/** The subcommands of CLIENT. */
public final class ClientCommands {

  private final Frontends frontends;

  public ClientCommands(Frontends frontends) {
    this.frontends = frontends;
  }

  /** The handlers by command. */
  public Map<String, CommandHandler> handlers() {
    Map<String, CommandHandler> handlers = new HashMap<>();
    handlers.put(
        "client|id",
        LocalHandler.of((client, request, reply) -> reply.integer(client.session().id())));
    handlers.put("client|getname", LocalHandler.of(ClientCommands::getName));
    handlers.put("client|setname", LocalHandler.of(ClientCommands::setName));
    handlers.put("client|setinfo", LocalHandler.of(ClientCommands::setInfo));
    handlers.put("client|no-evict", LocalHandler.of(ClientCommands::noEvict));
    handlers.put(
        "client|info",
        LocalHandler.of((client, request, reply) -> reply.verbatim(ClientLine.of(client))));
    handlers.put("client|list", this::list);
    handlers.put("client|kill", this::kill);
    handlers.put("client|reply", ClientCommands::reply);
    return handlers;
  }

  private static void getName(ClientConnection client, RequestFrame request, ReplyWriter reply) {
    String name = client.session().preferences().name();
    if (name.isEmpty()) {
      reply.nil();
    } else {
      reply.bulk(name);
    }
  }

  private static void setName(ClientConnection client, RequestFrame request, ReplyWriter reply) {
    String name = text(request, 2);
    String objection = ClientNames.objection("Client names", name);
    if (objection.isEmpty()) {
      client.session().preferences().name(name);
      reply.ok();
    } else {
      reply.error(objection);
    }
  }

  private static void setInfo(ClientConnection client, RequestFrame request, ReplyWriter reply) {
    String value = text(request, 3);
    String attribute = keyword(request, 2);
    String objection = ClientNames.objection(text(request, 2), value);
    if (!objection.isEmpty()) {
      reply.error(objection);
    } else if (attribute.equals("LIB-NAME")) {
      client.session().preferences().libraryName(value);
      reply.ok();
    } else if (attribute.equals("LIB-VER")) {
      client.session().preferences().libraryVersion(value);
      reply.ok();
    } else {
      reply.error("ERR Unrecognized option '" + text(request, 2) + "'");
    }
  }

  private static void noEvict(ClientConnection client, RequestFrame request, ReplyWriter reply) {
    String word = keyword(request, 2);
    if (word.equals("ON") || word.equals("OFF")) {
      client.session().preferences().evictable(word.equals("OFF"));
      reply.ok();
    } else {
      reply.error(Errors.SYNTAX);
    }
  }

  private static void reply(
      ClientConnection client, CommandSpec command, RequestFrame request, Route route) {
    Preferences preferences = client.session().preferences();
    switch (keyword(request, 2)) {
      case "ON" -> {
        // Answered although replies are off.
        preferences.replyMode(ReplyMode.ON);
        client.open(request.frameLength(), true).settleWith(ReplyWriter::ok);
      }
      case "OFF" -> preferences.replyMode(ReplyMode.OFF);
      case "SKIP" -> {
        if (preferences.replyMode() == ReplyMode.ON) {
          preferences.replyMode(ReplyMode.SKIP_NEXT);
        }
      }
      default -> client.open(request.frameLength(), true).fail(Errors.SYNTAX);
    }
  }

  private void list(
      ClientConnection client, CommandSpec command, RequestFrame request, Route route) {
    PendingReply place = client.open(request.frameLength(), true);
    try {
      ClientFilter filter = ClientFilter.forList(request);
      frontends.ask(
          place,
          frontend -> lines(frontend, filter),
          parts -> place.settleWith(reply -> reply.verbatim(String.join("", parts))));
    } catch (ClientFilter.Invalid invalid) {
      place.fail(invalid.error());
    }
  }

  private static String lines(Frontend frontend, ClientFilter filter) {
    return frontend.clients().stream()
        .filter(filter::accepts)
        .map(ClientLine::of)
        .collect(Collectors.joining());
  }

  private void kill(
      ClientConnection client, CommandSpec command, RequestFrame request, Route route) {
    PendingReply place = client.open(request.frameLength(), true);
    boolean oldForm = request.count() == 3;
    try {
      ClientFilter filter =
          oldForm
              ? ClientFilter.ofAddress(text(request, 2))
              : ClientFilter.forKill(request, client);
      frontends.ask(
          place,
          frontend -> killAll(frontend, filter, client),
          counts -> {
            int killed = counts.stream().mapToInt(Integer::intValue).sum();
            if (!oldForm) {
              place.settleWith(reply -> reply.integer(killed));
            } else if (killed == 0) {
              place.fail("ERR No such client");
            } else {
              place.settleWith(ReplyWriter::ok);
            }
          });
    } catch (ClientFilter.Invalid invalid) {
      place.fail(invalid.error());
    }
  }

  private static int killAll(Frontend frontend, ClientFilter filter, ClientConnection self) {
    int killed = 0;
    for (ClientConnection client : frontend.clients()) {
      if (filter.accepts(client)) {
        killed++;
        if (client == self) {
          client.closeAfterReplies();
        } else {
          client.abort();
        }
      }
    }
    return killed;
  }
}
