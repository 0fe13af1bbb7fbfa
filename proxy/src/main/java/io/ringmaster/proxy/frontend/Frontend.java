package io.ringmaster.proxy.frontend;

import io.netty.channel.Channel;
import io.ringmaster.proxy.loop.DataLoop;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The clients of one event loop, and what they share. Belongs to that loop. */
public final class Frontend {

  private static final Logger LOG = LoggerFactory.getLogger(Frontend.class);
  private static final int TICK_MILLIS = 100;
  private static final int TIGHT_MILLIS = 1000;

  private final DataLoop loop;
  private final ClientLimits limits;
  private final ClientCounters counters;
  private final LongSupplier clientIds;
  private final boolean authenticationNeeded;
  private final BooleanSupplier memoryIsTight;
  private final int databases;
  private final Map<Long, Watched> clients = new LinkedHashMap<>();
  private @Nullable RequestSink sink;
  private boolean tight;
  private int tightTicks;
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

    Watched(ClientConnection client, long now) {
      this.client = client;
      this.requestSince = now;
      this.receivedSince = now;
      this.unreadSince = now;
    }
  }

  /**
   * @param databases how many databases the servers have
   * @param authenticationNeeded whether a client must authenticate first
   * @param memoryIsTight whether the proxy as a whole holds too many bytes; asked ten times a
   *     second
   */
  public Frontend(
      DataLoop loop,
      ClientLimits limits,
      ClientCounters counters,
      LongSupplier clientIds,
      int databases,
      boolean authenticationNeeded,
      BooleanSupplier memoryIsTight) {
    this.loop = loop;
    this.limits = limits;
    this.counters = counters;
    this.clientIds = clientIds;
    this.authenticationNeeded = authenticationNeeded;
    this.memoryIsTight = memoryIsTight;
    this.databases = databases;
    this.nowMillis = TimeUnit.NANOSECONDS.toMillis(System.nanoTime());
    loop.every(TICK_MILLIS, this::watch);
  }

  /** Where requests go; set once, before the first client. */
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

  /** A client was accepted on {@code channel}. */
  public ClientConnection add(Channel channel) {
    Session session = new Session(clientIds.getAsLong(), !authenticationNeeded);
    ClientConnection client = new ClientConnection(this, channel, session);
    clients.put(session.id(), new Watched(client, nowMillis));
    counters.accepted();
    return client;
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

  boolean memoryIsTight() {
    return tight;
  }

  /** Asks every client to go once its requests are answered. */
  public void drain() {
    clients().forEach(ClientConnection::closeAfterReplies);
  }

  /** When memory stays tight for a second, the client that holds most of it has to go. */
  private void shed() {
    tightTicks = tight ? tightTicks + 1 : 0;
    if (tightTicks * TICK_MILLIS < TIGHT_MILLIS) {
      return;
    }
    tightTicks = 0;
    ClientConnection largest = null;
    for (Watched watched : clients.values()) {
      ClientConnection client = watched.client;
      if (client.session().isEvictable()
          && (largest == null || client.heldBytes() > largest.heldBytes())) {
        largest = client;
      }
    }
    if (largest != null && largest.heldBytes() > 0) {
      LOG.warn(
          "closed client {}: memory is short and it holds {} bytes",
          address(largest),
          largest.heldBytes());
      largest.abort();
    }
  }

  private void watch() {
    nowMillis = TimeUnit.NANOSECONDS.toMillis(System.nanoTime());
    boolean wasTight = tight;
    tight = memoryIsTight.getAsBoolean();
    shed();
    for (Watched watched : new ArrayList<>(clients.values())) {
      try {
        watch(watched, wasTight || tight);
      } catch (Throwable fault) {
        watched.client.failed(fault);
      }
    }
  }

  private void watch(Watched watched, boolean mayGoOn) {
    String offence = offence(watched);
    if (offence != null) {
      LOG.info("closed client {}: {}", address(watched.client), offence);
      watched.client.abort();
    } else if (mayGoOn) {
      watched.client.resumeLater();
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
    if (!client.session().isAuthenticated() && unread > limits.unauthenticatedOutput()) {
      return "it does not read its replies and has not authenticated";
    }
    long unreadTime = limits.unreadTime().toMillis();
    if (nowMillis - watched.unreadSince > unreadTime && !client.wasSentSomething(unreadTime)) {
      return "it does not read its replies";
    }
    if (nowMillis - watched.receivedSince > limits.requestTimeout().toMillis()) {
      return "its request does not end";
    }
    if (!client.session().isAuthenticated()
        && nowMillis - client.createdMillis() > limits.authenticationTimeout().toMillis()) {
      return "it did not authenticate";
    }
    long idleTimeout = limits.idleTimeout().toMillis();
    return idleTimeout > 0 && nowMillis - watched.requestSince > idleTimeout ? "it is idle" : null;
  }

  private static String address(ClientConnection client) {
    return client.remoteAddress() instanceof InetSocketAddress inet
        ? inet.getAddress().getHostAddress() + ":" + inet.getPort()
        : "" + client.remoteAddress();
  }
}
