package io.ringmaster.proxy.local;

import static io.ringmaster.proxy.local.Words.integer;
import static io.ringmaster.proxy.local.Words.keyword;
import static io.ringmaster.proxy.local.Words.text;

import io.ringmaster.cluster.spi.Lane;
import io.ringmaster.protocol.ProtocolVersion;
import io.ringmaster.protocol.codec.ReplyWriter;
import io.ringmaster.protocol.codec.RequestFrame;
import io.ringmaster.protocol.command.CommandSpec;
import io.ringmaster.proxy.dispatch.CommandHandler;
import io.ringmaster.proxy.dispatch.Errors;
import io.ringmaster.proxy.dispatch.Route;
import io.ringmaster.proxy.frontend.ClientConnection;
import io.ringmaster.proxy.frontend.PendingReply;
import io.ringmaster.proxy.frontend.Preferences;
import io.ringmaster.proxy.frontend.Session;
import io.ringmaster.proxy.frontend.User;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** PING, ECHO, QUIT, SELECT, HELLO, AUTH, RESET and what else is about the connection itself. */
public final class ConnectionCommands {

  private static final String UNAUTHENTICATED_HELLO =
      "NOAUTH HELLO must be called with the client already authenticated, otherwise the "
          + "HELLO AUTH <user> <pass> option can be used to authenticate the client and "
          + "select the RESP protocol version at the same time";

  private static final String WRONG_PASSWORD =
      "WRONGPASS invalid username-password pair or user is disabled.";
  private static final int FAILED_AUTHENTICATION_DELAY_MILLIS = 100;

  private final Authenticator authenticator;
  private final String announcedVersion;

  /** {@code announcedVersion} is the Redis version that clients are told. */
  public ConnectionCommands(Authenticator authenticator, String announcedVersion) {
    this.authenticator = authenticator;
    this.announcedVersion = announcedVersion;
  }

  /** The handlers by command. */
  public Map<String, CommandHandler> handlers() {
    Map<String, CommandHandler> handlers = new HashMap<>();
    handlers.put("ping", LocalHandler.of(ConnectionCommands::ping));
    handlers.put("echo", LocalHandler.of((client, request, reply) -> reply.bulk(request.bytes(1))));
    handlers.put("quit", LocalHandler.of(ConnectionCommands::quit));
    handlers.put("time", LocalHandler.of(ConnectionCommands::time));
    for (String ignored : new String[] {"readonly", "readwrite", "asking"}) {
      handlers.put(ignored, LocalHandler.of((client, request, reply) -> reply.ok()));
    }
    handlers.put("select", LocalHandler.afterReplies(ConnectionCommands::select));
    handlers.put("reset", new Resetting());
    handlers.put("hello", new Authenticating(this::hello));
    handlers.put("auth", new Authenticating(this::auth));
    return handlers;
  }

  private static void ping(ClientConnection client, RequestFrame request, ReplyWriter reply) {
    switch (request.count()) {
      case 1 -> reply.simple("PONG");
      case 2 -> reply.bulk(request.bytes(1));
      default -> reply.error("ERR wrong number of arguments for 'ping' command");
    }
  }

  private static void quit(ClientConnection client, RequestFrame request, ReplyWriter reply) {
    reply.ok();
    client.closeAfterReplies();
  }

  private static void time(ClientConnection client, RequestFrame request, ReplyWriter reply) {
    Instant now = Instant.now();
    reply
        .array(2)
        .bulk(Long.toString(now.getEpochSecond()))
        .bulk(Integer.toString(now.getNano() / 1000));
  }

  private static void select(ClientConnection client, RequestFrame request, ReplyWriter reply) {
    OptionalLong index = integer(request, 1);
    if (index.isEmpty()) {
      reply.error(Errors.NOT_AN_INTEGER);
    } else if (index.getAsLong() < 0 || index.getAsLong() >= client.frontend().databases()) {
      reply.error(Errors.NO_DATABASE);
    } else {
      Preferences preferences = client.session().preferences();
      preferences.lane(Lane.data((int) index.getAsLong(), preferences.version()));
      reply.ok();
    }
  }

  /** Returns an error, or writes the reply; an error {@code WRONGPASS} is sent later. */
  private String auth(ClientConnection client, RequestFrame request, ReplyWriter reply) {
    if (request.count() > 3) {
      return Errors.SYNTAX;
    }
    boolean withUser = request.count() == 3;
    if (!withUser && !authenticator.isNeeded()) {
      return "ERR AUTH <password> called without any password configured for the default user. "
          + "Are you sure your configuration is correct?";
    }
    String user = withUser ? text(request, 1) : User.DEFAULT;
    if (!logIn(client, user, request.bytes(withUser ? 2 : 1))) {
      return WRONG_PASSWORD;
    }
    reply.ok();
    return "";
  }

  private boolean logIn(ClientConnection client, String user, byte[] password) {
    Optional<User> accepted = authenticator.logIn(user, password);
    accepted.ifPresent(client::loggedIn);
    return accepted.isPresent();
  }

  private String hello(ClientConnection client, RequestFrame request, ReplyWriter reply) {
    Session session = client.session();
    ProtocolVersion version = session.preferences().version();
    int next = 1;
    if (request.count() > 1) {
      OptionalLong number = integer(request, next++);
      if (number.isEmpty()) {
        return "ERR Protocol version is not an integer or out of range";
      }
      if (number.getAsLong() < 2 || number.getAsLong() > 3) {
        return "NOPROTO unsupported protocol version";
      }
      version = number.getAsLong() == 2 ? ProtocolVersion.RESP2 : ProtocolVersion.RESP3;
    }
    String name = null;
    while (next < request.count()) {
      int left = request.count() - next - 1;
      if (keyword(request, next).equals("AUTH") && left >= 2) {
        if (!logIn(client, text(request, next + 1), request.bytes(next + 2))) {
          return WRONG_PASSWORD;
        }
        next += 3;
      } else if (keyword(request, next).equals("SETNAME") && left >= 1) {
        name = text(request, next + 1);
        String objection = ClientNames.objection("Client names", name);
        if (!objection.isEmpty()) {
          return objection;
        }
        next += 2;
      } else {
        return "ERR Syntax error in HELLO option '" + text(request, next) + "'";
      }
    }
    if (!session.isAuthenticated()) {
      return UNAUTHENTICATED_HELLO;
    }
    begin(session.preferences(), version, name);
    greet(session, reply.as(version));
    return "";
  }

  private static void begin(
      Preferences preferences, ProtocolVersion version, @Nullable String name) {
    if (name != null) {
      preferences.name(name);
    }
    preferences.lane(Lane.data(preferences.database(), version));
  }

  private void greet(Session session, ReplyWriter reply) {
    reply.map(7);
    reply.bulk("server").bulk("redis");
    reply.bulk("version").bulk(announcedVersion);
    reply.bulk("proto").integer(session.preferences().version().number());
    reply.bulk("id").integer(session.id());
    reply.bulk("mode").bulk("standalone");
    reply.bulk("role").bulk("master");
    reply.bulk("modules").array(0);
  }

  /** A command that may fail to authenticate; such a failure is answered after a pause. */
  private record Authenticating(Attempt attempt) implements CommandHandler {

    /** Writes a reply and returns an empty text, or returns the error. */
    @FunctionalInterface
    interface Attempt {
      String attempt(ClientConnection client, RequestFrame request, ReplyWriter reply);
    }

    @Override
    public boolean waitsForReplies() {
      return true;
    }

    @Override
    public void handle(
        ClientConnection client, CommandSpec command, RequestFrame request, Route route) {
      PendingReply place = client.open(request.frameLength(), true);
      io.netty.buffer.ByteBuf out = client.allocate();
      String error =
          attempt.attempt(
              client, request, new ReplyWriter(out, client.session().preferences().version()));
      if (error.isEmpty()) {
        place.settleOwned(out);
        return;
      }
      out.release();
      if (error.equals(WRONG_PASSWORD)) {
        client
            .frontend()
            .loop()
            .eventLoop()
            .schedule(
                () -> place.fail(error), FAILED_AUTHENTICATION_DELAY_MILLIS, TimeUnit.MILLISECONDS);
      } else {
        place.fail(error);
      }
    }
  }

  /** Answered unless it is to be skipped: before the answer, replies are switched on again. */
  private static final class Resetting implements CommandHandler {

    @Override
    public boolean waitsForReplies() {
      return true;
    }

    @Override
    public void handle(
        ClientConnection client, CommandSpec command, RequestFrame request, Route route) {
      client.reset();
      client.open(request.frameLength(), true).settleWith(reply -> reply.simple("RESET"));
    }
  }
}
