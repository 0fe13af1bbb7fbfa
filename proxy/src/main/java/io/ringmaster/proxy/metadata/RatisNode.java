package io.ringmaster.proxy.metadata;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
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
import org.apache.ratis.protocol.exceptions.AlreadyClosedException;
import org.apache.ratis.retry.RetryPolicies;
import org.apache.ratis.rpc.CallId;
import org.apache.ratis.server.DivisionInfo;
import org.apache.ratis.server.RaftServer;
import org.apache.ratis.server.storage.RaftStorage.StartupOption;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** This coordinator's Ratis server, and a client to whichever member leads. */
final class RatisNode implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(RatisNode.class);
  private static final String GRPC_LOGGER = "org.apache.ratis.thirdparty.io.grpc";
  private static final String READ = LogFormat.entry(new ReadBarrier());
  private static final long PAUSE_MILLIS = 20;

  @SuppressWarnings("UnusedVariable") // holding it is its use
  private final java.util.logging.Logger grpc;

  private final GroupSettings settings;
  private final Folder folder;
  private final RaftPeerId self;
  private final Publisher publisher;
  private final RaftServer server;
  private final RaftClient client;
  private final RaftClient patientClient;

  /** One attempt at something. */
  @FunctionalInterface
  interface Attempt<T> {
    T make() throws IOException;
  }

  private RatisNode(
      GroupSettings settings,
      Folder folder,
      Publisher publisher,
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
  }

  /**
   * Starts the server; it need not have met the others yet.
   *
   * @throws UncheckedIOException if it cannot listen or use its directory
   */
  static RatisNode start(GroupSettings settings, Publisher publisher, HeardReports reports) {
    java.util.logging.Logger grpc = quietGrpc();
    try {
      Optional<Folder> known = Folder.find(settings);
      Folder folder =
          known.isPresent()
              ? known.get()
              : Folder.create(settings, new Founding(settings).begins());
      RaftServer server =
          RaftServer.newBuilder()
              .setServerId(RaftPeerId.valueOf(settings.self().id()))
              .setGroup(RatisNames.group(folder.first() ? List.of(settings.self()) : List.of()))
              .setOption(known.isPresent() ? StartupOption.RECOVER : StartupOption.FORMAT)
              .setStateMachine(new TopologyStateMachine(publisher, reports))
              .setProperties(RatisProperties.of(settings))
              .setParameters(RatisProperties.parameters(settings))
              .build();
      server.start();
      return new RatisNode(settings, folder, publisher, server, grpc);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot take part in the config group: " + e.getMessage(), e);
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

  Folder folder() {
    return folder;
  }

  boolean isMember() throws IOException {
    return peers(server).stream().anyMatch(peer -> peer.getId().equals(self));
  }

  /** Returns once everything that was committed before the call has been applied here. */
  void catchUp(Deadline deadline) throws IOException {
    pass(READ, deadline);
  }

  /** Returns once the entry has been applied here, and so all that was committed before it. */
  void pass(String entry, Deadline deadline) throws IOException {
    if (!arrives(send(entry, deadline), deadline)) {
      throw new IOException("this coordinator lags behind the others");
    }
  }

  /** Tells the leader, once and beside the log. */
  void tell(String entry) throws IOException {
    checked(client.io().sendReadOnlyNonLinearizable(Message.valueOf(entry)));
  }

  private static RaftClientReply checked(RaftClientReply reply) throws IOException {
    if (reply.isSuccess()) {
      return reply;
    }
    IOException failure = reply.getException();
    throw failure == null ? new IOException("the leader is unknown") : failure;
  }

  /**
   * Sends an entry to the leader until it is answered, and waits until it has been applied here,
   * too; the answer of the state machine.
   */
  String write(String entry, Deadline deadline) throws IOException {
    RaftClientReply reply = send(entry, deadline);
    if (!arrives(reply, deadline)) {
      LOG.warn("this coordinator lags behind the others");
    }
    return reply.getMessage().getContent().toString(StandardCharsets.UTF_8);
  }

  private RaftClientReply send(String entry, Deadline deadline) throws IOException {
    Message message = Message.valueOf(entry);
    return until(deadline, () -> attempt(message));
  }

  /** Waits until the entry has been applied here, too; whether it has. */
  private boolean arrives(RaftClientReply reply, Deadline deadline) throws IOException {
    try {
      return publisher.awaitApplied(reply.getLogIndex(), deadline);
    } catch (InterruptedException e) {
      throw interrupted(e);
    }
  }

  private RaftClientReply attempt(Message message) throws IOException {
    if (!server.getDivision(RatisNames.GROUP).getInfo().isAlive()) {
      throw new AlreadyClosedException("this coordinator has left the config group");
    }
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
      throw new IOException("no answer from this coordinator, which leads: " + e.getMessage(), e);
    } catch (InterruptedException e) {
      throw interrupted(e);
    }
  }

  /** Attempts again and again until it works, or the time is over. */
  static <T> T until(Deadline deadline, Attempt<T> attempt) throws IOException {
    while (true) {
      try {
        return attempt.make();
      } catch (AlreadyClosedException | InterruptedIOException e) {
        throw e;
      } catch (IOException e) {
        if (deadline.isOver()) {
          throw e;
        }
        LOG.debug("again: {}", e.getMessage());
      }
      pause();
    }
  }

  /** Before the next attempt. */
  static void pause() throws IOException {
    try {
      Thread.sleep(PAUSE_MILLIS);
    } catch (InterruptedException e) {
      throw interrupted(e);
    }
  }

  private static IOException interrupted(InterruptedException e) {
    Thread.currentThread().interrupt();
    IOException stopped = new InterruptedIOException("stopping");
    stopped.initCause(e);
    return stopped;
  }

  AdminApi admin() {
    return patientClient.admin();
  }

  /** 0 unless it leads, as far as it knows. */
  long leadingTerm() {
    try {
      DivisionInfo info = server.getDivision(RatisNames.GROUP).getInfo();
      long term = info.getCurrentTerm();
      return info.isAlive() && info.isLeader() && info.getCurrentTerm() == term ? term : 0;
    } catch (IOException closed) {
      return 0;
    }
  }

  GroupView view() {
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
    try {
      client.close();
      patientClient.close();
      server.close();
    } catch (IOException e) {
      LOG.warn("while leaving the config group: {}", e.getMessage());
    }
  }
}
