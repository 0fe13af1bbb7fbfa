package io.ringmaster.proxy.metadata.ratis;

import io.ringmaster.proxy.failure.NetworkFailures;
import io.ringmaster.proxy.metadata.Departure;
import io.ringmaster.proxy.metadata.GroupException;
import io.ringmaster.proxy.metadata.GroupView;
import io.ringmaster.proxy.metadata.Member;
import io.ringmaster.proxy.metadata.log.LogFormat;
import io.ringmaster.proxy.metadata.log.ReadBarrier;
import java.io.Closeable;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.ratis.client.RaftClient;
import org.apache.ratis.client.api.AdminApi;
import org.apache.ratis.conf.RaftProperties;
import org.apache.ratis.protocol.Message;
import org.apache.ratis.protocol.RaftClientReply;
import org.apache.ratis.protocol.RaftClientRequest;
import org.apache.ratis.protocol.RaftPeer;
import org.apache.ratis.protocol.RaftPeerId;
import org.apache.ratis.protocol.exceptions.NotLeaderException;
import org.apache.ratis.retry.RetryPolicies;
import org.apache.ratis.rpc.CallId;
import org.apache.ratis.server.DivisionInfo;
import org.apache.ratis.server.RaftServer;
import org.apache.ratis.server.storage.RaftStorage.StartupOption;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** This coordinator's Ratis server, and a client to whichever member leads. */
final class RatisNode implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(RatisNode.class);
  private static final String GRPC_LOGGER = "org.apache.ratis.thirdparty.io.grpc";
  private static final String READ = LogFormat.entry(new ReadBarrier());
  private static final long PAUSE_MILLIS = 20;

  /** Ratis says that it was dismissed only once it has closed all its parts. */
  private static final int LOOKS_FOR_REASON = 10;

  @SuppressWarnings("UnusedVariable") // holding it is its use
  private final java.util.logging.Logger grpc;

  private final GroupSettings settings;
  private final DataDirectory folder;
  private final RaftPeerId self;
  private final Publisher publisher;
  private final RaftServer server;
  private final RaftClient client;
  private final RaftClient patientClient;
  private final TopologyStateMachine machine;
  private final CompletableFuture<Departure> departure;
  private final CompletableFuture<Void> left;
  private final LogWatch watch;
  private int looksSinceEnd;

  /** One attempt at something. */
  @FunctionalInterface
  interface Attempt<T> {
    T make() throws IOException;
  }

  private RatisNode(
      GroupSettings settings,
      DataDirectory folder,
      Publisher publisher,
      TopologyStateMachine machine,
      RaftServer server,
      java.util.logging.Logger grpc)
      throws IOException {
    this.settings = settings;
    this.folder = folder;
    this.publisher = publisher;
    this.server = server;
    this.grpc = grpc;
    this.self = RaftPeerId.valueOf(settings.self().id());
    this.client = client(RatisProperties.impatient(settings));
    this.patientClient = client(RatisProperties.of(settings));
    this.machine = machine;
    this.departure = machine.departure();
    departure.thenRun(publisher::end);
    // Ratis calls from threads for which its own end would wait.
    this.left =
        departure.thenAcceptAsync(
            reason -> close(server), task -> Thread.ofPlatform().name("leave").start(task));
    this.watch = LogWatch.start(this::look, departure);
  }

  private void look() {
    try {
      folder.check(settings);
      if (isAlive()) {
        return;
      }
      if (machine.isDismissed() || !isMember()) {
        departure.complete(Departure.removed());
      } else if (++looksSinceEnd == LOOKS_FOR_REASON) {
        departure.complete(Departure.broken());
      }
    } catch (GroupException e) {
      departure.complete(Departure.folder(e.reason()));
    }
  }

  /**
   * Starts the server; it need not have met the others yet.
   *
   * @throws GroupException if it cannot listen or use its directory
   */
  static RatisNode start(GroupSettings settings, Publisher publisher, HeardReports reports) {
    java.util.logging.Logger grpc = quietGrpc();
    requirePort(settings);
    Optional<DataDirectory> known = DataDirectory.find(settings);
    DataDirectory folder =
        known.isPresent()
            ? known.get()
            : DataDirectory.create(settings, new Bootstrap(settings).begins());
    TopologyStateMachine machine = new TopologyStateMachine(publisher, reports);
    RaftServer.Builder builder =
        RaftServer.newBuilder()
            .setServerId(RaftPeerId.valueOf(settings.self().id()))
            .setGroup(RatisNames.group(folder.first() ? List.of(settings.self()) : List.of()))
            .setOption(known.isPresent() ? StartupOption.RECOVER : StartupOption.FORMAT)
            .setStateMachine(machine)
            .setProperties(RatisProperties.of(settings))
            .setParameters(RatisProperties.parameters(settings));
    RaftServer server = null;
    try {
      server = builder.build();
      server.start();
      return new RatisNode(settings, folder, publisher, machine, server, grpc);
    } catch (IOException | RuntimeException e) {
      close(server);
      throw new GroupException(
          "it cannot use %s: %s"
              .formatted(
                  settings.directory(),
                  RatisFailures.reason(e, "its files are damaged, or not of this version")),
          e);
    }
  }

  /** Ratis would end the process where it cannot listen. */
  private static void requirePort(GroupSettings settings) {
    int port = settings.self().address().port();
    try (ServerSocket socket = new ServerSocket()) {
      socket.bind(new InetSocketAddress(InetAddress.getByName(settings.bind()), port));
    } catch (IOException e) {
      throw new GroupException(
          "it cannot listen on %s:%d: %s"
              .formatted(settings.bind(), port, NetworkFailures.reason(e)),
          e);
    }
  }

  /** It does not log where all others do; a level lasts as long as somebody holds the logger. */
  private static java.util.logging.Logger quietGrpc() {
    java.util.logging.Logger logger = java.util.logging.Logger.getLogger(GRPC_LOGGER);
    logger.setLevel(java.util.logging.Level.SEVERE);
    return logger;
  }

  private RaftClient client(RaftProperties properties) throws IOException {
    Set<Member> known = new LinkedHashSet<>();
    known.addAll(RatisNames.members(peers(server)));
    if (known.isEmpty()) {
      known.addAll(settings.founders());
    }
    known.add(settings.self());
    return RaftClient.newBuilder()
        .setRaftGroup(RatisNames.group(known))
        .setLeaderId(self)
        .setProperties(properties)
        .setParameters(RatisProperties.parameters(settings))
        .setRetryPolicy(RetryPolicies.noRetry())
        .build();
  }

  private static Collection<RaftPeer> peers(RaftServer server) throws IOException {
    return server.getDivision(RatisNames.GROUP).getRaftConf().getCurrentPeers();
  }

  DataDirectory folder() {
    return folder;
  }

  /** Completed when this coordinator has left the group while it runs. */
  CompletableFuture<Departure> departure() {
    return departure;
  }

  /** Throws what {@link #departure} says, if this coordinator has left the group. */
  void requirePresent() {
    if (departure.isDone()) {
      throw new GroupException(departure.join().text());
    }
  }

  /** Whether it has left the group as the others told it that it is none of them. */
  boolean isRemoved() {
    return departure.isDone() && departure.join().equals(Departure.removed());
  }

  boolean isMember() {
    return view().isMember();
  }

  /** Returns once everything that was committed before the call has been applied here. */
  void catchUp(Deadline deadline) {
    pass(READ, deadline);
  }

  /** Returns once the entry has been applied here, and so all that was committed before it. */
  void pass(String entry, Deadline deadline) {
    if (!arrives(send(entry, deadline), deadline)) {
      requirePresent();
      throw new GroupException("this coordinator lags behind the others");
    }
  }

  /** Tells the leader, once and beside the log. */
  void tell(String entry) {
    try {
      checked(client.io().sendReadOnlyNonLinearizable(Message.valueOf(entry)));
    } catch (IOException e) {
      throw new GroupException(RatisFailures.reason(e), e);
    }
  }

  private static RaftClientReply checked(RaftClientReply reply) throws IOException {
    if (reply.isSuccess()) {
      return reply;
    }
    IOException failure = reply.getException();
    throw failure == null ? new NotLeaderException(null, null, List.of()) : failure;
  }

  /**
   * Sends an entry to the leader until it is answered, and waits until it has been applied here,
   * too; the answer of the state machine.
   */
  String write(String entry, Deadline deadline) {
    RaftClientReply reply = send(entry, deadline);
    if (!arrives(reply, deadline)) {
      LOG.warn("this coordinator lags behind the others");
    }
    return reply.getMessage().getContent().toString(StandardCharsets.UTF_8);
  }

  private RaftClientReply send(String entry, Deadline deadline) {
    Message message = Message.valueOf(entry);
    return until(deadline, () -> attempt(message));
  }

  /** Waits until the entry has been applied here, too; whether it has. */
  private boolean arrives(RaftClientReply reply, Deadline deadline) {
    try {
      return publisher.awaitApplied(reply.getLogIndex(), deadline);
    } catch (InterruptedException e) {
      throw interrupted(e);
    }
  }

  private RaftClientReply attempt(Message message) throws IOException {
    requirePresent();
    return checked(leadingTerm() == 0 ? client.io().send(message) : submit(message));
  }

  /** Who leads needs no connection to itself. */
  private RaftClientReply submit(Message message) throws IOException {
    RaftClientRequest request =
        RaftClientRequest.newBuilder()
            .setClientId(client.getId())
            .setServerId(self)
            .setGroupId(RatisNames.GROUP)
            .setCallId(CallId.getAndIncrement())
            .setMessage(message)
            .setType(RaftClientRequest.writeRequestType())
            .build();
    try {
      return server
          .submitClientRequestAsync(request)
          .get(settings.attemptTimeout().toMillis(), TimeUnit.MILLISECONDS);
    } catch (ExecutionException | TimeoutException e) {
      throw new IOException(e);
    } catch (InterruptedException e) {
      throw interrupted(e);
    }
  }

  /** Why the leader could not be asked until {@code deadline}. */
  String unreached(GroupException failure, Deadline deadline) {
    if (!(failure.getCause() instanceof IOException)) {
      return failure.reason();
    }
    GroupView view = view();
    if (view.isLeader() || view.leader().isEmpty()) {
      return "no majority of the coordinators answers within " + deadline.text();
    }
    return failure.reason().equals(RatisFailures.LATE)
        ? "no answer within " + deadline.text()
        : failure.reason() + " (tried for " + deadline.text() + ")";
  }

  /** Attempts again and again until it works, or the time is over. */
  static <T> T until(Deadline deadline, Attempt<T> attempt) {
    while (true) {
      try {
        return attempt.make();
      } catch (IOException e) {
        if (deadline.isOver() || e instanceof InterruptedIOException) {
          throw new GroupException(RatisFailures.reason(e), e);
        }
        LOG.debug("again: {}", e.getMessage());
      }
      pause();
    }
  }

  /** Before the next attempt. */
  static void pause() {
    try {
      Thread.sleep(PAUSE_MILLIS);
    } catch (InterruptedException e) {
      throw interrupted(e);
    }
  }

  private static GroupException interrupted(InterruptedException e) {
    Thread.currentThread().interrupt();
    return new GroupException(GroupException.STOPPING, e);
  }

  private boolean isAlive() {
    try {
      return server.getDivision(RatisNames.GROUP).getInfo().isAlive();
    } catch (IOException closed) {
      return false;
    }
  }

  AdminApi admin() {
    return patientClient.admin();
  }

  /** 0 unless it leads, as far as it knows. */
  long leadingTerm() {
    if (departure.isDone()) {
      return 0;
    }
    try {
      DivisionInfo info = server.getDivision(RatisNames.GROUP).getInfo();
      long term = info.getCurrentTerm();
      return info.isAlive() && info.isLeader() && info.getCurrentTerm() == term ? term : 0;
    } catch (IOException closed) {
      return 0;
    }
  }

  /** Who has left the group knows of no members. */
  GroupView view() {
    if (departure.isDone()) {
      return new GroupView(settings.self().id(), List.of(), Optional.empty(), 0, 0);
    }
    try {
      RaftServer.Division division = server.getDivision(RatisNames.GROUP);
      DivisionInfo info = division.getInfo();
      RaftPeerId leader = info.isAlive() ? info.getLeaderId() : null;
      var members = RatisNames.members(division.getRaftConf().getCurrentPeers());
      return new GroupView(
          settings.self().id(),
          members,
          members.stream()
              .filter(member -> leader != null && member.id().equals(leader.toString()))
              .findFirst(),
          info.getCurrentTerm(),
          info.getLastAppliedIndex());
    } catch (IOException closed) {
      return new GroupView(settings.self().id(), settings.founders(), Optional.empty(), 0, 0);
    }
  }

  @Override
  public void close() {
    watch.close();
    close(client);
    close(patientClient);
    close(server);
    if (departure.isDone()) {
      left.join();
    }
  }

  private static void close(@Nullable Closeable part) {
    try {
      if (part != null) {
        part.close();
      }
    } catch (IOException e) {
      LOG.warn("while leaving the config group: {}", RatisFailures.reason(e));
    }
  }
}
