package io.ringmaster.proxy.dispatch;

/** A client has named a key that belongs to the cluster itself. */
final class ReservedKeyException extends RuntimeException {

  private static final long serialVersionUID = 1;

  ReservedKeyException() {
    super("ERR keys that begin with the byte 1 are reserved", null, false, false);
  }
}
