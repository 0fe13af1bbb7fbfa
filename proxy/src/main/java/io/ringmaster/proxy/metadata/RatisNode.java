package io.ringmaster.proxy.metadata;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.ratis.client.RaftClient;
import org.apache.ratis.client.api.AdminApi;
import org.apache.ratis.protocol.ClientId;
import org.apache.ratis.protocol.Message;
import org.apache.ratis.protocol.RaftClientReply;
import org.apache.ratis.protocol.RaftClientRequest;
import org.apache.ratis.protocol.RaftGroup;
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
  private static final long PAUSE_MILLIS = 20;

  @SuppressWarnings("UnusedVariable") // holding it is its use
  private final java.util.logging.Logger grpc;

  private final GroupSettings settings;
  private final RaftPeerId self;
  private final ClientId clientId = ClientId.randomId();
  private final RaftServer server;
  private final RaftClient client;

  /** One attempt at something. */
  @FunctionalInterface
  interface Attempt<T> {
    T make() throws IOException;
  }

  private RatisNode(
      GroupSettings settings, RaftServer server, RaftClient client, java.util.logging.Logger grpc) {
    this.grpc = grpc;
    this.settings = settings;
    this.self = RaftPeerId.valueOf(settings.self().id());
    this.server = server;
    this.client = client;
  }

  /**
   * Starts the server; it need not have met the others yet.
   *
   * @throws UncheckedIOException if it cannot listen or use its directory
   */
  static RatisNode start(GroupSettings settings, TopologyStateMachine machine) {
    java.util.logging.Logger grpc = quietGrpc();
    try {
      boolean known = Files.exists(RatisProperties.folder(settings));
      Files.createDirectories(settings.directory());
      RaftServer server =
          RaftServer.newBuilder()
              .setServerId(RaftPeerId.valueOf(settings.self().id()))
              .setGroup(
                  settings.isFounder()
                      ? RatisNames.group(settings.founders())
                      : RaftGroup.valueOf(RatisNames.GROUP))
              .setOption(known ? StartupOption.RECOVER : StartupOption.FORMAT)
              .setStateMachine(machine)
              .setProperties(RatisProperties.of(settings))
              .setParameters(RatisProperties.parameters(settings))
              .build();
      server.start();
      return new RatisNode(settings, server, client(settings, server), grpc);
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

  private static RaftClient client(GroupSettings settings, RaftServer server) throws IOException {
    Set<Member> known = new LinkedHashSet<>();
    known.addAll(RatisNames.members(peers(server)));
    if (known.isEmpty()) {
      known.addAll(settings.founders());
    }
    known.add(settings.self());
    return RaftClient.newBuilder()
        .setRaftGroup(RatisNames.group(known))
        .setLeaderId(RaftPeerId.valueOf(settings.self().id()))
        .setProperties(RatisProperties.of(settings))
        .setParameters(RatisProperties.parameters(settings))
        .setRetryPolicy(RetryPolicies.noRetry())
        .build();
  }

  private static Collection<RaftPeer> peers(RaftServer server) throws IOException {
    return server.getDivision(RatisNames.GROUP).getRaftConf().getCurrentPeers();
  }

  boolean isMember() throws IOException {
    return peers(server).stream().anyMatch(peer -> peer.getId().equals(self));
  }

  void awaitMembership() throws IOException {
    while (!isMember()) {
      pause();
    }
  }

  /** Returns once everything that was committed before the call has been applied here. */
  void readIndex(Deadline deadline) throws IOException {
    until(
        deadline,
        () -> {
          DivisionInfo info = server.getDivision(RatisNames.GROUP).getInfo();
          if (!info.isAlive()) {
            throw new AlreadyClosedException("this coordinator has left the config group");
          }
          // Alone in its group, Ratis would answer before it knows what was committed.
          if (info.isLeader() && !info.isLeaderReady()) {
            throw new IOException("the leader has just been elected");
          }
          return checked(await(deadline));
        });
  }

  private RaftClientReply await(Deadline deadline) throws IOException {
    RaftClientRequest request =
        RaftClientRequest.newBuilder()
            .setClientId(clientId)
            .setServerId(self)
            .setGroupId(RatisNames.GROUP)
            .setCallId(CallId.getAndIncrement())
            .setMessage(Message.EMPTY)
            .setType(RaftClientRequest.readRequestType())
            .build();
    try {
      return server.submitClientRequestAsync(request).get(deadline.millis(), TimeUnit.MILLISECONDS);
    } catch (ExecutionException e) {
      throw new IOException(reason(e), e);
    } catch (TimeoutException e) {
      throw new IOException("no majority answers", e);
    } catch (InterruptedException e) {
      throw interrupted(e);
    }
  }

  private static String reason(ExecutionException e) {
    Throwable cause = e.getCause() == null ? e : e.getCause();
    return String.valueOf(cause.getMessage()).lines().findFirst().orElse("no reason");
  }

  private static RaftClientReply checked(RaftClientReply reply) throws IOException {
    if (reply.isSuccess()) {
      return reply;
    }
    IOException failure = reply.getException();
    throw failure == null ? new IOException("the leader is unknown") : failure;
  }

  /** Sends an entry to the leader until it is answered; the answer of the state machine. */
  String write(String entry, Deadline deadline) throws IOException {
    Message message = Message.valueOf(entry);
    RaftClientReply reply = until(deadline, () -> checked(client.io().send(message)));
    return reply.getMessage().getContent().toString(StandardCharsets.UTF_8);
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
    return client.admin();
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
      server.close();
    } catch (IOException e) {
      LOG.warn("while leaving the config group: {}", e.getMessage());
    }
  }
}
