package io.ringmaster.proxy.frontend;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.ringmaster.proxy.loop.DataLoop;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The clients of one event loop, and what they share. Belongs to that loop. */
public final class Frontend {

  private static final Logger LOG = LoggerFactory.getLogger(Frontend.class);
  private static final int TICK_MILLIS = 100;

  /** For how long a client waits for memory before others have to give up theirs, each time. */
  private static final int WANT_MILLIS = 1000;

  /** Who moves less than such a part of what he holds within that time keeps it in vain. */
  private static final int IDLE_PART = 16;

  /** Bytes by which nobody is helped when he who holds them has to go. */
  private static final int LITTLE = 4 * 1024;

  private final DataLoop loop;
  private final ClientLimits limits;
  private final ClientCounters counters;
  private final LongSupplier clientIds;
  private final User userAtStart;
  private final int databases;
  private final Map<Long, Watched> clients = new LinkedHashMap<>();
  private @Nullable RequestSink sink;
  private long nowMillis;

  /** Times since which a client has been doing nothing of a kind. */
  private static final class Watched {
    final ClientConnection client;
    long requests;
    long requestSince;
    int received;
    long receivedSince;
    long sent;
    long unreadSince;
    long wantsSince;
    long moved;
    long movedBefore;
    long movedSince;

    Watched(ClientConnection client, long now) {
      this.client = client;
      this.requestSince = now;
      this.receivedSince = now;
      this.unreadSince = now;
      this.wantsSince = now;
      this.movedSince = now;
    }
  }

  /**
   * @param databases how many databases the servers have
   * @param userAtStart whom a client is taken for before it logs in
   */
  public Frontend(
      DataLoop loop,
      ClientLimits limits,
      ClientCounters counters,
      LongSupplier clientIds,
      int databases,
      User userAtStart) {
    this.loop = loop;
    this.limits = limits;
    this.counters = counters;
    this.clientIds = clientIds;
    this.userAtStart = userAtStart;
    this.databases = databases;
    this.nowMillis = TimeUnit.NANOSECONDS.toMillis(System.nanoTime());
    loop.every(TICK_MILLIS, this::watch);
  }

  /** Where requests go from now on; set before the first client. */
  public void sink(RequestSink requestSink) {
    sink = requestSink;
  }

  RequestSink sink() {
    RequestSink current = sink;
    if (current == null) {
      throw new IllegalStateException("no sink");
    }
    return current;
  }

  /** A client was accepted on {@code channel}. Returns what is to be told of the events there. */
  public ChannelHandler add(Channel channel) {
    Session session = new Session(clientIds.getAsLong(), userAtStart, nowMillis);
    ClientConnection client = new ClientConnection(this, channel, session);
    clients.put(session.id(), new Watched(client, nowMillis));
    counters.accepted();
    return client.handler();
  }

  void remove(ClientConnection client) {
    if (clients.remove(client.session().id()) != null) {
      counters.closed();
    }
  }

  public DataLoop loop() {
    return loop;
  }

  public ClientLimits limits() {
    return limits;
  }

  public ClientCounters counters() {
    return counters;
  }

  /** How many databases there are. */
  public int databases() {
    return databases;
  }

  /** A snapshot of the clients, oldest first. */
  public List<ClientConnection> clients() {
    return clients.values().stream().map(watched -> watched.client).toList();
  }

  /** Milliseconds since {@code client}'s last request. */
  public long idleMillis(ClientConnection client) {
    Watched watched = clients.get(client.session().id());
    return watched == null || watched.requests != client.requests()
        ? 0
        : nowMillis - watched.requestSince;
  }

  /** The loop's clock, as of its last tick. */
  public long nowMillis() {
    return nowMillis;
  }

  /** Asks every client to go once its requests are answered. */
  public void drain() {
    clients().forEach(ClientConnection::closeAfterReplies);
  }

  /** Closes {@code client}, as memory is short and {@code reason}. */
  void evict(ClientConnection client, String reason) {
    counters.refusedMemory();
    LOG.warn(
        "closed client {}: memory is short, it holds {} bytes and {}",
        client.remoteAddress(),
        client.heldBytes(),
        reason);
    client.abort();
  }

  /**
   * Somebody lacks memory: those who hold most of it in vain have to go, as many as it takes, and
   * those who wait for memory themselves only if there is nobody else.
   */
  private void shed() {
    long wanted = loop.memory().takeWanted();
    if (wanted == 0) {
      return;
    }
    List<ClientConnection> inVain =
        clients.values().stream()
            .filter(this::holdsInVain)
            .map(watched -> watched.client)
            .sorted(
                Comparator.comparing((ClientConnection client) -> client.wantedMemory() > 0)
                    .thenComparing(ClientConnection::heldBytes, Comparator.reverseOrder()))
            .toList();
    long freed = 0;
    for (ClientConnection client : inVain) {
      if (freed >= wanted || (freed > 0 && client.wantedMemory() > 0)) {
        return;
      }
      freed += client.heldBytes();
      evict(client, "makes no use of them");
    }
  }

  private boolean holdsInVain(Watched watched) {
    ClientConnection client = watched.client;
    long held = client.heldBytes();
    long moved = client.movedBytes() - watched.movedBefore;
    return held > LITTLE
        && client.session().preferences().isEvictable()
        && nowMillis - client.createdMillis() >= WANT_MILLIS
        && moved < held / IDLE_PART;
  }

  private void watch() {
    nowMillis = TimeUnit.NANOSECONDS.toMillis(System.nanoTime());
    shed();
    for (Watched watched : new ArrayList<>(clients.values())) {
      try {
        watch(watched);
      } catch (Throwable fault) {
        watched.client.failed(fault);
      }
    }
  }

  private void watch(Watched watched) {
    String offence = offence(watched);
    if (offence != null) {
      LOG.info("closed client {}: {}", watched.client.remoteAddress(), offence);
      watched.client.abort();
      return;
    }
    watched.client.watch();
    noteMovement(watched);
    long wanted = watched.client.wantedMemory();
    if (wanted == 0) {
      watched.wantsSince = nowMillis;
    } else if (nowMillis - watched.wantsSince >= WANT_MILLIS) {
      watched.wantsSince = nowMillis;
      loop.memory().want(wanted);
    }
  }

  private void noteMovement(Watched watched) {
    if (nowMillis - watched.movedSince >= WANT_MILLIS) {
      watched.movedBefore = watched.moved;
      watched.moved = watched.client.movedBytes();
      watched.movedSince = nowMillis;
    }
  }

  private @Nullable String offence(Watched watched) {
    ClientConnection client = watched.client;
    if (client.requests() != watched.requests || client.inFlight() > 0) {
      watched.requests = client.requests();
      watched.requestSince = nowMillis;
    }
    if (client.receivedBytes() != watched.received || !client.isInsideRequest()) {
      watched.received = client.receivedBytes();
      watched.receivedSince = nowMillis;
    }
    long unread = client.unreadBytes();
    long sent = client.sentBytes();
    if (sent != watched.sent || unread < (client.isClosing() ? 1 : limits.unreadOutput())) {
      watched.unreadSince = nowMillis;
    }
    watched.sent = sent;
    Login login = client.session().login();
    boolean isNew = !client.session().isAuthenticated();
    if (isNew && unread > limits.unauthenticatedOutput() + login.unreadBytes()) {
      return "it does not read its replies and has not authenticated";
    }
    long unreadTime = limits.unreadTime().toMillis();
    if (nowMillis - watched.unreadSince > unreadTime && !client.wasSentSomething(unreadTime)) {
      return "it does not read its replies";
    }
    if (nowMillis - watched.receivedSince > limits.requestTimeout().toMillis()) {
      return "its request does not end";
    }
    if (isNew && nowMillis - login.sinceMillis() > limits.authenticationTimeout().toMillis()) {
      return "it did not authenticate";
    }
    long idleTimeout = limits.idleTimeout().toMillis();
    return idleTimeout > 0 && nowMillis - watched.requestSince > idleTimeout ? "it is idle" : null;
  }
}
