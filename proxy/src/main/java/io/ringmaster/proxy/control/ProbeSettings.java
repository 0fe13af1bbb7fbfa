package io.ringmaster.proxy.control;

import java.time.Duration;

/**
 * How servers are probed.
 *
 * @param interval pause between two probes of a server
 * @param timeout until it must have answered
 * @param expectedVersion the version that clients are told; a server of an older one is reported
 * @param username user to authenticate as; empty for the default user
 * @param password its password; empty for none
 */
public record ProbeSettings(
    Duration interval, Duration timeout, String expectedVersion, String username, String password) {

  @Override
  public String toString() {
    return "ProbeSettings[interval=" + interval + ", timeout=" + timeout + "]";
  }
}
