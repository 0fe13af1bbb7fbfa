package io.ringmaster.proxy.metadata.log;

/**
 * Says that a name belongs to a folder. The first registration of a name counts for ever: who comes
 * with another folder has lost the one in which its votes were. Who has another secret than the
 * group began with is refused, too: it could log in nowhere.
 *
 * @param by the name of the coordinator
 * @param folder the id of its {@link DataDirectory}
 * @param secret the fingerprint of its secret
 */
public record Registration(String by, String folder, String secret) implements LogEntry {}
