package io.ringmaster.proxy.metadata.ratis;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.ConnectException;
import java.nio.channels.OverlappingFileLockException;
import java.util.List;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;
import javax.net.ssl.SSLHandshakeException;
import org.apache.ratis.protocol.ClientId;
import org.apache.ratis.protocol.Message;
import org.apache.ratis.protocol.RaftClientRequest;
import org.apache.ratis.protocol.RaftPeerId;
import org.apache.ratis.protocol.exceptions.AlreadyClosedException;
import org.apache.ratis.protocol.exceptions.ChecksumException;
import org.apache.ratis.protocol.exceptions.LeaderSteppingDownException;
import org.apache.ratis.protocol.exceptions.NotLeaderException;
import org.apache.ratis.protocol.exceptions.RaftException;
import org.apache.ratis.protocol.exceptions.RaftRetryFailureException;
import org.apache.ratis.protocol.exceptions.ReconfigurationInProgressException;
import org.apache.ratis.protocol.exceptions.ReconfigurationTimeoutException;
import org.apache.ratis.protocol.exceptions.ResourceUnavailableException;
import org.apache.ratis.protocol.exceptions.ServerNotReadyException;
import org.apache.ratis.protocol.exceptions.SetConfigurationException;
import org.apache.ratis.protocol.exceptions.TimeoutIOException;
import org.apache.ratis.protocol.exceptions.TransferLeadershipException;
import org.apache.ratis.retry.RetryPolicies;
import org.apache.ratis.thirdparty.io.grpc.Status;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class RatisFailuresTest {

  private static final String TEXT =
      "Failed RaftClientRequest:client-B55E29D74F78->c1@group-636F6E666967 org.apache.Strange";

  static Stream<Arguments> failures() {
    return Stream.of(
        Arguments.of(new NotLeaderException(null, null, List.of()), "no coordinator leads"),
        Arguments.of(new LeaderSteppingDownException(TEXT), "is handing over"),
        Arguments.of(new ServerNotReadyException(TEXT), "only just starting"),
        Arguments.of(new ReconfigurationInProgressException(TEXT), "another change"),
        Arguments.of(new ReconfigurationTimeoutException(TEXT), "cannot be reached"),
        Arguments.of(new SetConfigurationException(TEXT), "changed at the same time"),
        Arguments.of(new TransferLeadershipException(TEXT), "did not take the lead"),
        Arguments.of(new ResourceUnavailableException(TEXT), "too many changes"),
        Arguments.of(new ChecksumException(TEXT, 7), "the log is damaged"),
        Arguments.of(new TimeoutIOException(TEXT), "no answer in time"),
        Arguments.of(new IOException(new TimeoutException(TEXT)), "no answer in time"),
        Arguments.of(new AlreadyClosedException(TEXT), "connection closed"),
        Arguments.of(new InterruptedIOException(TEXT), "this coordinator is stopping"),
        Arguments.of(retried(null), "no controller answers"),
        Arguments.of(retried(new TimeoutIOException(TEXT)), "no answer in time"),
        Arguments.of(retried(refused()), "connection refused"),
        Arguments.of(
            Status.UNAVAILABLE
                .withDescription(TEXT)
                .withCause(new SSLHandshakeException(TEXT))
                .asRuntimeException(),
            "no TLS between them"),
        Arguments.of(Status.UNAVAILABLE.asException(), "connection lost"),
        Arguments.of(Status.DEADLINE_EXCEEDED.asRuntimeException(), "no answer in time"),
        Arguments.of(
            new IOException(TEXT, new OverlappingFileLockException()), "another process uses it"),
        Arguments.of(new RaftException(TEXT), "the config group could not be asked"),
        Arguments.of(
            Status.INTERNAL.withDescription(TEXT).asException(),
            "the config group could not be asked"));
  }

  private static Throwable refused() {
    return Status.UNAVAILABLE
        .withDescription("io exception")
        .withCause(
            new ConnectException(
                "finishConnect(..) failed with error(-111): Connection refused: /127.0.0.1:1"))
        .asRuntimeException();
  }

  private static RaftRetryFailureException retried(@Nullable Throwable cause) {
    RaftClientRequest request =
        RaftClientRequest.newBuilder()
            .setClientId(ClientId.randomId())
            .setServerId(RaftPeerId.valueOf("c1"))
            .setGroupId(RatisNames.GROUP)
            .setMessage(Message.EMPTY)
            .setType(RaftClientRequest.writeRequestType())
            .build();
    return new RaftRetryFailureException(request, 1, RetryPolicies.noRetry(), cause);
  }

  @ParameterizedTest
  @MethodSource("failures")
  void noTextOfALibraryIsPassedOn(Throwable failure, String words) {
    assertThat(RatisFailures.reason(failure))
        .contains(words)
        .doesNotContain("Raft", "client-", "group-", "org.", "Exception", "(..)", "/127");
  }
}
