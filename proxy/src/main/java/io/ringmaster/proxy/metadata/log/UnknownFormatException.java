package io.ringmaster.proxy.metadata.log;

import java.io.Serial;

/** A newer version wrote what this one is to read; reading on without it would be wrong. */
public final class UnknownFormatException extends IllegalStateException {

  @Serial private static final long serialVersionUID = 1L;

  UnknownFormatException(String what) {
    super(what + " is unknown to this version of Ringmaster");
  }
}
