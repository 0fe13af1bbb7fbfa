package io.ringmaster.proxy.control;

import java.lang.module.ModuleDescriptor.Version;

/** Compares version numbers such as 7.0.15. */
final class Versions {

  private Versions() {}

  /** Whether {@code version} is older than {@code than}; an unknown one is not. */
  static boolean isOlder(String version, String than) {
    return !version.isEmpty() && Version.parse(version).compareTo(Version.parse(than)) < 0;
  }
}
