package io.ringmaster.proxy.health;

import io.lettuce.core.RedisCommandExecutionException;
import io.lettuce.core.RedisCommandInterruptedException;
import io.lettuce.core.RedisCommandTimeoutException;
import io.lettuce.core.RedisException;
import io.ringmaster.proxy.failure.Causes;
import io.ringmaster.proxy.failure.NetworkFailures;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Why a server did not do what it was asked by Lettuce: in the server's own words if it refused, in
 * plain ones otherwise.
 */
public final class LettuceFailures {

  private static final Logger LOG = LoggerFactory.getLogger(LettuceFailures.class);
  private static final String UNKNOWN = "it could not be asked";
  private static final Pattern AFTER = Pattern.compile("after (\\d+) (\\w+)\\(s\\)");
  private static final Map<String, String> UNITS =
      Map.of("millisecond", "ms", "second", "s", "minute", "min");

  private LettuceFailures() {}

  /** The words for {@code failure}. */
  public static String reason(Throwable failure) {
    return Causes.first(failure, LettuceFailures::answer)
        .or(() -> NetworkFailures.known(failure))
        .or(() -> Causes.first(failure, LettuceFailures::connection))
        .orElseGet(
            () -> {
              LOG.debug(UNKNOWN, failure);
              return UNKNOWN;
            });
  }

  private static Optional<String> answer(Throwable failure) {
    return switch (failure) {
      case RedisCommandExecutionException refusal -> Optional.of("" + refusal.getMessage());
      case RedisCommandTimeoutException late -> Optional.of("no answer " + within(late));
      case RedisCommandInterruptedException stopping -> Optional.of("this process is stopping");
      default -> Optional.empty();
    };
  }

  private static String within(RedisCommandTimeoutException late) {
    Matcher after = AFTER.matcher("" + late.getMessage());
    String unit = after.find() ? UNITS.get(after.group(2)) : null;
    return unit == null ? "in time" : "within " + after.group(1) + " " + unit;
  }

  /** What has no cause but a connection that is not there any more. */
  private static Optional<String> connection(Throwable failure) {
    boolean lost =
        failure instanceof RedisException && ("" + failure.getMessage()).contains("onnect");
    return lost ? Optional.of("connection lost") : Optional.empty();
  }
}
