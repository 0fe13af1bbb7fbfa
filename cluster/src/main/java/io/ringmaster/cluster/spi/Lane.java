package io.ringmaster.cluster.spi;

import io.ringmaster.protocol.ProtocolVersion;

/**
 * Which of the connections to a server a request takes: those of one database and one protocol
 * version.
 *
 * @param database number of the database, from 0
 * @param version version of the replies
 */
public record Lane(int database, ProtocolVersion version) {}
