package io.ringmaster.proxy.metadata;

/**
 * Says that a name belongs to a folder. The first claim of a name counts for ever: who comes with
 * another folder has lost the one in which its votes were.
 *
 * @param by the name of the coordinator
 * @param folder the id of its {@link Folder}
 */
record Claim(String by, String folder) implements LogEntry {}
