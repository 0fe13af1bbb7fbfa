package io.ringmaster.proxy.failure;

import java.io.EOFException;
import java.io.IOException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.UnresolvedAddressException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Why a connection could not be made or was lost, in plain words. */
public final class NetworkFailures {

  private static final Logger LOG = LoggerFactory.getLogger(NetworkFailures.class);
  private static final String UNKNOWN = "the connection failed";

  private NetworkFailures() {}

  /** The words for {@code failure}; null stands for a connection that ended without any. */
  public static String reason(@Nullable Throwable failure) {
    if (failure == null) {
      return "connection lost";
    }
    return known(failure)
        .orElseGet(
            () -> {
              LOG.debug(UNKNOWN, failure);
              return UNKNOWN;
            });
  }

  /**
   * The words for {@code failure} or one of its causes; empty if none of them is of the network.
   */
  public static Optional<String> known(Throwable failure) {
    return Causes.first(failure, NetworkFailures::one);
  }

  private static Optional<String> one(Throwable failure) {
    if (failure instanceof UnknownHostException || failure instanceof UnresolvedAddressException) {
      return Optional.of("its host name has no address");
    }
    Optional<String> system =
        failure instanceof IOException
            ? SystemErrors.ofSockets("" + failure.getMessage())
            : Optional.empty();
    if (system.isPresent()) {
      return system;
    }
    return Optional.ofNullable(
        switch (failure) {
          case NoRouteToHostException none -> "no route to host";
          case ConnectException refused -> "it cannot be connected";
          case SocketTimeoutException late -> "no answer in time";
          case ClosedChannelException closed -> "connection closed";
          case EOFException closed -> "connection closed";
          default -> null;
        });
  }
}
