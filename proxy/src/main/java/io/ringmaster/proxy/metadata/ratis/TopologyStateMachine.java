package io.ringmaster.proxy.metadata.ratis;

import io.ringmaster.proxy.metadata.Departure;
import io.ringmaster.proxy.metadata.log.Heartbeat;
import io.ringmaster.proxy.metadata.log.LogEntry;
import io.ringmaster.proxy.metadata.log.LogFormat;
import io.ringmaster.proxy.metadata.log.MetadataState;
import io.ringmaster.proxy.metadata.log.Registration;
import io.ringmaster.proxy.metadata.log.UnknownFormatException;
import java.io.File;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.CompletableFuture;
import org.apache.ratis.io.MD5Hash;
import org.apache.ratis.proto.RaftProtos.LogEntryProto;
import org.apache.ratis.proto.RaftProtos.RoleInfoProto;
import org.apache.ratis.protocol.Message;
import org.apache.ratis.protocol.RaftGroupId;
import org.apache.ratis.server.RaftServer;
import org.apache.ratis.server.protocol.TermIndex;
import org.apache.ratis.server.raftlog.RaftLog;
import org.apache.ratis.server.storage.FileInfo;
import org.apache.ratis.server.storage.RaftStorage;
import org.apache.ratis.statemachine.StateMachineStorage;
import org.apache.ratis.statemachine.TransactionContext;
import org.apache.ratis.statemachine.impl.BaseStateMachine;
import org.apache.ratis.statemachine.impl.SimpleStateMachineStorage;
import org.apache.ratis.statemachine.impl.SingleFileSnapshotInfo;
import org.apache.ratis.util.LifeCycle;
import org.apache.ratis.util.MD5FileUtil;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Applies the log to a {@link MetadataState}. Entries and snapshots come on one thread. */
final class TopologyStateMachine extends BaseStateMachine {

  private static final Logger LOG = LoggerFactory.getLogger(TopologyStateMachine.class);

  private final SimpleStateMachineStorage storage = new SimpleStateMachineStorage();
  private final Publisher publisher;
  private final HeardReports reports;
  private final CompletableFuture<Departure> departure = new CompletableFuture<>();
  private volatile boolean dismissed;
  private volatile MetadataState state = MetadataState.EMPTY;

  /** {@code publisher} gets each state, in order; {@code reports} what coordinators say. */
  TopologyStateMachine(Publisher publisher, HeardReports reports) {
    this.publisher = publisher;
    this.reports = reports;
  }

  /** Completed when this coordinator cannot go on. */
  CompletableFuture<Departure> departure() {
    return departure;
  }

  @Override
  public void initialize(RaftServer server, RaftGroupId group, RaftStorage raftStorage)
      throws IOException {
    super.initialize(server, group, raftStorage);
    storage.init(raftStorage);
    getLifeCycle().startAndTransition(() -> load(storage.loadLatestSnapshot()));
  }

  @Override
  public void pause() {
    getLifeCycle().transition(LifeCycle.State.PAUSING);
    getLifeCycle().transition(LifeCycle.State.PAUSED);
  }

  @Override
  public void reinitialize() throws IOException {
    load(storage.loadLatestSnapshot());
    if (getLifeCycleState() == LifeCycle.State.PAUSED) {
      getLifeCycle().transition(LifeCycle.State.STARTING);
      getLifeCycle().transition(LifeCycle.State.RUNNING);
    }
  }

  /** Whether the others have told this coordinator that it is none of them any more. */
  boolean isDismissed() {
    return dismissed;
  }

  /** Ratis ends a member alone only if it asks for votes and has none. */
  @Override
  public void notifyServerShutdown(RoleInfoProto role, boolean withAllOthers) {
    dismissed |= !withAllOthers;
  }

  @Override
  public void notifyLogFailed(Throwable cause, @Nullable LogEntryProto failed) {
    departure.complete(Departure.unwritable(cause));
  }

  @Override
  public StateMachineStorage getStateMachineStorage() {
    return storage;
  }

  /** Somebody tells what it would say with its next heartbeat. */
  @Override
  public CompletableFuture<Message> query(Message request) {
    try {
      if (LogFormat.entry(request.getContent().toStringUtf8()) instanceof Heartbeat heartbeat) {
        reports.told(heartbeat.report());
      }
      return CompletableFuture.completedFuture(Message.EMPTY);
    } catch (UnknownFormatException e) {
      return CompletableFuture.failedFuture(e);
    }
  }

  @Override
  public CompletableFuture<Message> applyTransaction(TransactionContext transaction) {
    LogEntryProto entry = transaction.getLogEntry();
    MetadataState.Step step = apply(entry.getStateMachineLogEntry().getLogData().toStringUtf8());
    updateLastAppliedTermIndex(entry.getTerm(), entry.getIndex());
    publish(step.state(), entry.getIndex());
    return CompletableFuture.completedFuture(Message.valueOf(step.result().text()));
  }

  private MetadataState.Step apply(String text) {
    try {
      LogEntry entry = LogFormat.entry(text);
      MetadataState.Step step = state.apply(entry);
      if (entry instanceof Heartbeat heartbeat && step.result().isCommitted()) {
        reports.logged(heartbeat.report(), step.state().reports());
      }
      if (entry instanceof Registration registration && !step.result().isCommitted()) {
        LOG.warn("{} may not join the config group: {}", registration.by(), step.result().reason());
      }
      return step;
    } catch (UnknownFormatException e) {
      // Going on without the entry would fork the topology: Ratis stops this member instead.
      departure.complete(Departure.unknown("" + e.getMessage()));
      throw e;
    } catch (RuntimeException e) {
      LOG.error("cannot apply a log entry", e);
      departure.complete(Departure.broken());
      throw e;
    }
  }

  private void publish(MetadataState next, long index) {
    state = next;
    publisher.publish(next, index);
  }

  @Override
  public long takeSnapshot() throws IOException {
    TermIndex last = getLastAppliedTermIndex();
    if (last.getIndex() < 0) {
      return RaftLog.INVALID_LOG_INDEX;
    }
    try {
      storage.updateLatestSnapshot(new SingleFileSnapshotInfo(snapshot(last), last));
      return last.getIndex();
    } catch (IOException e) {
      departure.complete(Departure.unwritable(e));
      throw e;
    }
  }

  private FileInfo snapshot(TermIndex last) throws IOException {
    File file = storage.getSnapshotFile(last.getTerm(), last.getIndex());
    write(LogFormat.snapshot(state), file.toPath());
    return new FileInfo(file.toPath(), MD5FileUtil.computeAndSaveMd5ForFile(file));
  }

  /** A crash leaves either no snapshot of this name, or a whole one. */
  private static void write(String text, Path file) throws IOException {
    Path part = file.resolveSibling(file.getFileName() + ".part");
    ByteBuffer bytes = ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
    try (FileChannel channel =
        FileChannel.open(
            part,
            StandardOpenOption.CREATE,
            StandardOpenOption.WRITE,
            StandardOpenOption.TRUNCATE_EXISTING)) {
      while (bytes.hasRemaining()) {
        channel.write(bytes);
      }
      channel.force(true);
    }
    Files.move(part, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
  }

  private void load(@Nullable SingleFileSnapshotInfo snapshot) throws IOException {
    if (snapshot == null) {
      return;
    }
    Path file = snapshot.getFile().getPath();
    MD5Hash digest = snapshot.getFile().getFileDigest();
    if (digest != null) {
      MD5FileUtil.verifySavedMD5(file.toFile(), digest);
    }
    MetadataState loaded = LogFormat.snapshot(Files.readString(file));
    setLastAppliedTermIndex(snapshot.getTermIndex());
    reports.restored(loaded.reports());
    publish(loaded, snapshot.getIndex());
  }
}
