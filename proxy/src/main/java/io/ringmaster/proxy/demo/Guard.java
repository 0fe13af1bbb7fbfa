package io.ringmaster.proxy.demo;

import io.ringmaster.proxy.failure.FileFailures;
import java.io.IOException;

/** Ends a process when this JVM ends, in whatever way. */
final class Guard {

  private Guard() {}

  /** Its standard input closes when this JVM ends: then it ends {@code guarded}. */
  static Process of(Process guarded) {
    try {
      return new ProcessBuilder("sh", "-c", "trap '' INT; read line; kill -9 " + guarded.pid())
          .redirectErrorStream(true)
          .redirectOutput(ProcessBuilder.Redirect.DISCARD)
          .start();
    } catch (IOException e) {
      guarded.destroyForcibly();
      throw new DemoException("cannot start sh: " + FileFailures.reason(e), e);
    }
  }
}
