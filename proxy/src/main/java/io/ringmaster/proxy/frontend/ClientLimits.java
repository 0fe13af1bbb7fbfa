package io.ringmaster.proxy.frontend;

import io.ringmaster.protocol.codec.RequestLimits;
import java.time.Duration;

/**
 * What one client may occupy.
 *
 * @param requests sizes of its requests
 * @param unauthenticated the same before it has authenticated
 * @param commandsInFlight requests without a reply
 * @param bytesInFlight bytes of requests without a reply, replies expected, and replies not taken
 * @param unreadOutput bytes of replies waiting, of which the client takes none for {@code
 *     unreadTime}, at which it is closed
 * @param unauthenticatedOutput bytes of replies not taken, at which a client that has not
 *     authenticated is closed
 * @param unreadTime see {@code unreadOutput}
 * @param idleTimeout without any request, after which the client is closed; zero for never
 * @param authenticationTimeout until it must have authenticated
 * @param requestTimeout until a request that has begun must be complete, as long as nothing more of
 *     it arrives
 */
public record ClientLimits(
    RequestLimits requests,
    RequestLimits unauthenticated,
    int commandsInFlight,
    long bytesInFlight,
    long unreadOutput,
    long unauthenticatedOutput,
    Duration unreadTime,
    Duration idleTimeout,
    Duration authenticationTimeout,
    Duration requestTimeout) {}
