package io.ringmaster.cluster.simulation;

import io.ringmaster.cluster.replication.Marker;
import io.ringmaster.cluster.simulation.ReplicationMessage.FullCopy;
import io.ringmaster.cluster.topology.NodeId;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A Redis server, in as much of its behaviour as safety rests on. Its configuration file may make
 * it start as a replica of nobody, so that it harms no one until it has been told what to be.
 */
final class SimulatedServer {

  /** The address that nobody has. */
  static final NodeId NOBODY = NodeId.parse("127.0.0.1:1");

  /** Where all of them have the marker. */
  static final Marker MARKER = new Marker(15);

  private final SimulatedProcess process;
  private final SimulatedNetwork network;
  private final NodeId address;
  private final Map<NodeId, SimulatedServer> peers;
  private final ServerConfiguration configuration;
  private final Followers followers = new Followers(this);
  private final Waiting waiting = new Waiting(this);
  private final Disk disk = new Disk();
  private final Map<Long, Session> sessions = new TreeMap<>();
  private AdminCommands admin;
  private Database database = new Database();
  private ReplicationHistory history;
  private @Nullable Upstream upstream;
  private long nextSession = 1;
  private int forks;
  private int effects;
  private boolean waitsForAll;

  SimulatedServer(
      SimulatedNetwork network, NodeId address, Map<NodeId, SimulatedServer> peers, Hole hole) {
    this(
        network,
        address,
        peers,
        hole == Hole.NO_BOOT_FENCE ? ServerConfiguration.LEADING : ServerConfiguration.FENCED);
  }

  SimulatedServer(
      SimulatedNetwork network,
      NodeId address,
      Map<NodeId, SimulatedServer> peers,
      ServerConfiguration configuration) {
    this.process = new SimulatedProcess(network.world(), "server " + address.port());
    this.network = network;
    this.address = address;
    this.peers = peers;
    this.configuration = configuration;
    this.admin = new AdminCommands(this, configuration);
    this.history = newHistory();
    boot();
  }

  SimulatedProcess process() {
    return process;
  }

  SimulatedNetwork network() {
    return network;
  }

  NodeId address() {
    return address;
  }

  @Nullable SimulatedServer peer(NodeId node) {
    return peers.get(node);
  }

  Followers followers() {
    return followers;
  }

  AdminCommands admin() {
    return admin;
  }

  ReplicationHistory history() {
    return history;
  }

  Database database() {
    return database;
  }

  String runId() {
    return address.port() + "r" + process.incarnation();
  }

  /** Its link to whom it follows; null if it leads. */
  @Nullable Upstream upstream() {
    return upstream;
  }

  /** Whom it follows; empty if it leads. */
  @Nullable NodeId following() {
    return upstream == null ? null : upstream.leader();
  }

  boolean isRewriting() {
    return disk.isRewriting();
  }

  boolean isLoading() {
    return upstream != null && upstream.isLoading();
  }

  /** Whether it follows {@code leader} and has what that one had when it began to. */
  boolean isSynchronizedWith(NodeId leader) {
    return upstream != null && upstream.leader().equals(leader) && upstream.isUp();
  }

  /** Whether a replica may synchronize with it. */
  boolean mayBeCopied() {
    return upstream == null || upstream.isUp();
  }

  // Clients

  Connection<Words, SimulatedReply> accept(SimulatedProcess client) {
    Connection<Words, SimulatedReply> connection = network.connect(client, process);
    Session session = new Session(nextSession++, connection);
    sessions.put(session.id(), session);
    connection.up().receive(request -> received(session, request), () -> end(session));
    return connection;
  }

  private void received(Session session, Words request) {
    session.unread().add(request);
    serve(session);
  }

  /** Executes what {@code session} has sent, up to a command that blocks it. */
  void serve(Session session) {
    while (session.waiting() == null) {
      Words request = session.unread().poll();
      if (request == null) {
        return;
      }
      int before = effects;
      SimulatedReply reply = execute(session, request);
      if (waitsForAll || effects != before) {
        session.executed(history.offset());
      }
      if (process.world().isTraced()) {
        trace(session, request, "->", reply == null ? "..." : reply.text());
      }
      if (reply != null) {
        session.reply(reply);
      }
    }
  }

  private void end(Session session) {
    sessions.remove(session.id());
    waiting.remove(session);
    session.close();
  }

  /** Null while the command blocks. */
  @Nullable SimulatedReply execute(Session session, Words request) {
    if (session.isInTransaction() && !request.name().equals("EXEC")) {
      return Transactions.queue(this, session, request);
    }
    if (AdminCommands.concern(request)) {
      return admin.run(request);
    }
    return switch (request.name()) {
      case "HELLO", "AUTH" -> logIn(session, request);
      case "MULTI" -> {
        session.beginTransaction();
        yield SimulatedReply.OK;
      }
      case "EXEC" -> Transactions.execute(this, session);
      case "CLIENT" -> client(session, request);
      case "INFO" -> SimulatedReply.bulk(Information.of(this, request.word(1)));
      case "SUBSCRIBE", "UNSUBSCRIBE" -> subscribe(session, request);
      case "WAIT" -> waiting.begin(session, request);
      default -> data(request);
    };
  }

  private SimulatedReply logIn(Session session, Words request) {
    String user = request.word(1);
    if (!admin.users().admits(user, request.count() > 2 ? request.word(2) : "")) {
      return SimulatedReply.error("WRONGPASS invalid username-password pair");
    }
    session.logIn(user);
    return SimulatedReply.OK;
  }

  private static SimulatedReply subscribe(Session session, Words request) {
    String channel = request.word(1);
    boolean begins = request.name().equals("SUBSCRIBE");
    boolean changed = begins ? session.channels().add(channel) : session.channels().remove(channel);
    return SimulatedReply.push(begins ? "subscribe" : "unsubscribe", channel, changed ? "1" : "0");
  }

  private SimulatedReply client(Session session, Words request) {
    if (request.word(1).equals("ID")) {
      return SimulatedReply.number(session.id());
    }
    if (request.word(1).equals("LIST")) {
      return SimulatedReply.bulk("");
    }
    if (request.word(2).equals("USER")) {
      // CLIENT KILL USER name SKIPME yes
      return SimulatedReply.number(endSessions(request.word(3), session));
    }
    if (request.word(2).equals("TYPE")) {
      followers.disconnect();
      return SimulatedReply.number(0);
    }
    Session victim = sessions.get(Long.parseLong(request.word(3)));
    if (victim != null) {
      end(victim);
    }
    return SimulatedReply.number(victim == null ? 0 : 1);
  }

  /** Ends those that have logged in as {@code user}, but for {@code spared}. */
  private long endSessions(String user, @Nullable Session spared) {
    List<Session> victims =
        sessions.values().stream()
            .filter(session -> session != spared && session.user().equals(user))
            .toList();
    victims.forEach(this::end);
    followers.disconnect(user);
    return victims.size();
  }

  private SimulatedReply data(Words request) {
    SimulatedReply refusal = refusal(request);
    if (refusal != null) {
      return refusal;
    }
    Outcome outcome = DataCommands.run(request, database);
    Effect effect = outcome.effect();
    if (effect != null) {
      commit(effect);
    }
    return outcome.reply();
  }

  private @Nullable SimulatedReply refusal(Words request) {
    if (isLoading()) {
      return SimulatedReply.LOADING;
    }
    if (upstream != null && DataCommands.writes(request)) {
      return SimulatedReply.error("READONLY You can't write against a read only replica.");
    }
    boolean stale = admin.setting("replica-serve-stale-data").equals("yes");
    if (upstream != null && !upstream.isUp() && !stale) {
      return SimulatedReply.error("MASTERDOWN Link with MASTER is down");
    }
    return null;
  }

  // Replication

  private ReplicationHistory newHistory() {
    return new ReplicationHistory(runId() + "h" + forks++, (int) process.world().between(8, 200));
  }

  private void commit(Effect effect) {
    effects++;
    database.apply(effect);
    disk.append(effect);
    history.append(effect);
    followers.stream(effect);
    publish(effect);
  }

  private void publish(Effect effect) {
    if (effect instanceof Effect.Together together) {
      together.effects().forEach(this::publish);
    } else if (effect instanceof Effect.Publish message) {
      for (Session session : sessions.values()) {
        if (session.channels().contains(message.channel())) {
          session.reply(SimulatedReply.push("message", message.channel(), message.text()));
        }
      }
    }
  }

  void follow(Effect effect) {
    commit(effect);
    waiting.check();
  }

  void askOffsets() {
    history.append(new Effect.AskOffset());
    followers.stream(new Effect.AskOffset());
  }

  void acknowledged() {
    waiting.check();
  }

  /** From now on replicas can go on where they stopped. */
  void keepHistory() {
    history.keep(runId() + "h" + forks++);
  }

  void renameHistory(String id) {
    if (!history.id().equals(id)) {
      history.fork(id);
      followers.disconnect();
    }
  }

  void empty() {
    database = new Database();
    followers.disconnect();
  }

  void replace(FullCopy copy) {
    database = copy.database().copy();
    if (configuration.durable()) {
      disk.beginRewrite(copy.database());
      process.after(process.world().between(1_000, 200_000), disk::finishRewrite);
    } else {
      disk.rewrite(copy.database());
    }
    history.replace(copy.history(), copy.offset());
    trace("has loaded", database);
  }

  // An administrator's commands

  /**
   * {@code REPLICAOF leader}. What it has it keeps, in case the new leader has the same history.
   */
  void replicaOf(NodeId leader) {
    trace("REPLICAOF", leader);
    if (upstream != null) {
      if (upstream.leader().equals(leader)) {
        return;
      }
      upstream.stop();
    }
    waiting.interrupt(sessions);
    Upstream fresh = new Upstream(this, leader);
    upstream = fresh;
    fresh.start();
  }

  /** {@code REPLICAOF NO ONE}. */
  void promote() {
    trace("REPLICAOF NO ONE");
    if (upstream != null) {
      upstream.stop();
      upstream = null;
      history.fork(runId() + "h" + forks++);
      followers.disconnect();
    }
  }

  /** A command on a console of its own; it sees what is there whatever the role. */
  SimulatedReply console(Words request) {
    Outcome outcome = DataCommands.run(request, database);
    Effect effect = outcome.effect();
    trace("console:", request, "->", outcome.reply().text());
    if (effect != null) {
      commit(effect);
    }
    return outcome.reply();
  }

  /** Somebody deletes its marker. */
  void unmark() {
    commit(new Effect.PutHash(Marker.KEY, Map.of()));
  }

  /** Whether its settings promise more than its configuration file does. */
  boolean pretends() {
    return configuration.pretends();
  }

  /** {@code CLIENT KILL TYPE normal}: whoever has subscribed to something is not. */
  void killClients() {
    sessions.values().stream()
        .filter(session -> session.channels().isEmpty())
        .toList()
        .forEach(this::end);
  }

  /** It is older than 7.2: {@code WAIT} is for what was there behind any command. */
  void waitForAll() {
    waitsForAll = true;
  }

  /** {@code CLIENT KILL TYPE pubsub}. */
  void killListeners() {
    sessions.values().stream()
        .filter(session -> !session.channels().isEmpty())
        .toList()
        .forEach(this::end);
  }

  /** {@code ACL SETUSER}. */
  void setUser(String user) {
    admin.users().set(user, "");
  }

  /** {@code ACL DELUSER}: who has logged in as that user is gone with it. */
  void deleteUser(String user) {
    admin.users().delete(user);
    endSessions(user, null);
  }

  // Crashes

  void crash() {
    trace("crashes");
    process.crash();
    network.died(process);
    new ArrayList<>(sessions.values()).forEach(Session::close);
    sessions.clear();
    waiting.clear();
    followers.forget();
    admin = new AdminCommands(this, configuration.asStarted());
    if (upstream != null) {
      upstream.stop();
      upstream = null;
    }
  }

  void restart(Disk.Survival survival) {
    process.restart();
    database =
        disk.afterCrash(
            configuration.durable() && !configuration.pretends() ? Disk.Survival.ALL : survival,
            process.world());
    history = newHistory();
    trace("restarts with", survival, "of its data:", database);
    boot();
  }

  private void boot() {
    if (configuration.fencedAtBoot()) {
      follow(NOBODY);
    } else if (copiesAtStart()) {
      follow(first());
    }
  }

  /** Whether its configuration file makes it a replica of another server. */
  boolean copiesAtStart() {
    return configuration.follows() && !first().equals(address);
  }

  private NodeId first() {
    return peers.keySet().stream().findFirst().orElse(address);
  }

  private void follow(NodeId leader) {
    Upstream fresh = new Upstream(this, leader);
    upstream = fresh;
    fresh.start();
  }

  void trace(Object... words) {
    if (process.world().isTraced()) {
      String text = Arrays.stream(words).map(String::valueOf).collect(Collectors.joining(" "));
      process.world().trace(process + ": " + text);
    }
  }
}
