package io.ringmaster.proxy.metadata.ratis;

import io.ringmaster.proxy.failure.Causes;
import io.ringmaster.proxy.failure.FileFailures;
import io.ringmaster.proxy.failure.NetworkFailures;
import io.ringmaster.proxy.metadata.GroupException;
import java.io.InterruptedIOException;
import java.util.Optional;
import java.util.concurrent.TimeoutException;
import javax.net.ssl.SSLException;
import org.apache.ratis.io.CorruptedFileException;
import org.apache.ratis.protocol.exceptions.AlreadyClosedException;
import org.apache.ratis.protocol.exceptions.ChecksumException;
import org.apache.ratis.protocol.exceptions.GroupMismatchException;
import org.apache.ratis.protocol.exceptions.LeaderNotReadyException;
import org.apache.ratis.protocol.exceptions.LeaderSteppingDownException;
import org.apache.ratis.protocol.exceptions.NotLeaderException;
import org.apache.ratis.protocol.exceptions.RaftRetryFailureException;
import org.apache.ratis.protocol.exceptions.ReconfigurationInProgressException;
import org.apache.ratis.protocol.exceptions.ReconfigurationTimeoutException;
import org.apache.ratis.protocol.exceptions.ResourceUnavailableException;
import org.apache.ratis.protocol.exceptions.ServerNotReadyException;
import org.apache.ratis.protocol.exceptions.SetConfigurationException;
import org.apache.ratis.protocol.exceptions.TimeoutIOException;
import org.apache.ratis.protocol.exceptions.TransferLeadershipException;
import org.apache.ratis.thirdparty.io.grpc.Status;
import org.apache.ratis.thirdparty.io.grpc.StatusException;
import org.apache.ratis.thirdparty.io.grpc.StatusRuntimeException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What Ratis and gRPC report, in plain words. None of their texts is passed on: they name classes,
 * requests and numbers that only they know.
 */
final class RatisFailures {

  private static final Logger LOG = LoggerFactory.getLogger(RatisFailures.class);

  /** Nobody has answered; who knows how long that was waited for may say so instead. */
  static final String LATE = "no answer in time";

  private static final String UNKNOWN = "the config group could not be asked";

  private RatisFailures() {}

  /** The words for {@code failure}, or for that of its causes that says most. */
  static String reason(Throwable failure) {
    return reason(failure, UNKNOWN);
  }

  /** The same; {@code otherwise} are the words for what is not known. */
  static String reason(Throwable failure, String otherwise) {
    return Causes.first(failure, RatisFailures::group)
        .or(() -> Causes.first(failure, RatisFailures::encryption))
        .or(() -> FileFailures.known(failure))
        .or(() -> NetworkFailures.known(failure))
        .or(() -> Causes.first(failure, RatisFailures::call))
        .orElseGet(
            () -> {
              LOG.debug(otherwise, failure);
              return otherwise;
            });
  }

  private static Optional<String> group(Throwable failure) {
    return Optional.ofNullable(
        switch (failure) {
          case GroupException ours -> ours.reason();
          case NotLeaderException none -> "no coordinator leads just now";
          case LeaderNotReadyException young -> "the controller has only just begun to";
          case LeaderSteppingDownException old -> "the controller is handing over";
          case ServerNotReadyException starting -> "that coordinator is only just starting";
          case GroupMismatchException alone -> "that coordinator is in no config group";
          case ReconfigurationInProgressException busy ->
              "another change of its members is going on";
          case ReconfigurationTimeoutException late ->
              "the new coordinator cannot be reached, or does not catch up";
          case SetConfigurationException changed -> "its members were changed at the same time";
          case TransferLeadershipException failed -> "the other coordinator did not take the lead";
          case ResourceUnavailableException full -> "too many changes are waiting already";
          case ChecksumException damaged -> "the log is damaged";
          case CorruptedFileException damaged -> "the log is damaged";
          case TimeoutIOException late -> LATE;
          case TimeoutException late -> LATE;
          case AlreadyClosedException closed -> "connection closed";
          case InterruptedIOException stopped -> GroupException.STOPPING;
          default -> null;
        });
  }

  private static Optional<String> encryption(Throwable failure) {
    return failure instanceof SSLException
        ? Optional.of("no TLS between them, see coordinator.tls")
        : Optional.empty();
  }

  private static Optional<String> call(Throwable failure) {
    return switch (failure) {
      case RaftRetryFailureException nobody -> Optional.of("no controller answers");
      case StatusRuntimeException status -> call(status.getStatus().getCode());
      case StatusException status -> call(status.getStatus().getCode());
      default -> Optional.empty();
    };
  }

  private static Optional<String> call(Status.Code code) {
    return switch (code) {
      case DEADLINE_EXCEEDED -> Optional.of(LATE);
      case UNAVAILABLE -> Optional.of("connection lost");
      default -> Optional.empty();
    };
  }
}
