package io.ringmaster.proxy;

import io.ringmaster.protocol.command.CommandTable;
import io.ringmaster.proxy.admin.Administration;
import io.ringmaster.proxy.config.Settings;
import io.ringmaster.proxy.dispatch.CommandHandler;
import io.ringmaster.proxy.dispatch.Dispatcher;
import io.ringmaster.proxy.dispatch.Router;
import io.ringmaster.proxy.dispatch.ScriptCache;
import io.ringmaster.proxy.dispatch.WaitHandler;
import io.ringmaster.proxy.frontend.Frontends;
import io.ringmaster.proxy.local.BriefHandler;
import io.ringmaster.proxy.local.ClientCommands;
import io.ringmaster.proxy.local.CommandCommands;
import io.ringmaster.proxy.local.ConfigCommand;
import io.ringmaster.proxy.local.ConnectionCommands;
import io.ringmaster.proxy.local.ConsistencyCommand;
import io.ringmaster.proxy.local.ServerCommands;
import io.ringmaster.proxy.local.ServerFacts;
import java.util.HashMap;
import java.util.Map;

/** The only list of the commands that the proxy answers itself, and of who handles all others. */
final class Handlers {

  private final CommandTable table = CommandTable.load();
  private final ServerContext context;
  private final ServerFacts facts;
  private final Frontends frontends;
  private final Administration administration;
  private final ScriptCache scripts;

  Handlers(
      ServerContext context,
      ServerFacts facts,
      Frontends frontends,
      Administration administration) {
    this.context = context;
    this.facts = facts;
    this.frontends = frontends;
    this.administration = administration;
    this.scripts = new ScriptCache(context.settings().backend().scriptCache());
  }

  /** Has the clients of {@code loop} served from now on. */
  void serve(ClientLoop loop) {
    Settings.Auth auth = context.settings().auth();
    loop.frontend()
        .sink(
            new Dispatcher(
                table,
                loop.router(),
                loop.parked(),
                scripts,
                context.parts().flushes(),
                own(loop),
                auth.adminCommands()));
  }

  private Map<String, CommandHandler> own(ClientLoop loop) {
    Router router = loop.router();
    Map<String, CommandHandler> own = new HashMap<>();
    own.putAll(
        new ConnectionCommands(context.authenticator(), facts.announcedVersion()).handlers());
    own.putAll(new ClientCommands(frontends).handlers());
    own.putAll(new CommandCommands(table).handlers());
    own.putAll(new ServerCommands(router, frontends, facts).handlers());
    own.putAll(
        new ConfigCommand(
                router, context.health()::configuration, context.parts().parameters(facts.port()))
            .handlers());
    own.putAll(new ConsistencyCommand(context.topology()).handlers());
    own.put("wait", new WaitHandler(router::topology, loop.replicas()));
    own.putAll(administration.handlers());
    own.replaceAll(BriefHandler::of);
    return own;
  }
}
