package io.ringmaster.proxy.config;

/**
 * One mistake in a configuration.
 *
 * @param where file and line, or the command-line option
 * @param key path of the setting, {@code limits.max-bulk} or {@code shards[1].leader}; empty for a
 *     mistake of syntax
 * @param mistake what is wrong
 * @param allowed what may stand there instead; empty when the mistake says it already
 */
public record Problem(String where, String key, String mistake, String allowed) {
  @Override
  public String toString() {
    String subject = key.isEmpty() ? "" : key + ": ";
    String remedy = allowed.isEmpty() ? "" : " (allowed: " + allowed + ")";
    return where + ": " + subject + mistake + remedy;
  }
}
