package io.ringmaster.protocol.codec;

/** Something cannot be kept, as the memory that may be used for it is used up. */
public final class NoRoomException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  /** {@code bytes} were asked for. It is expected under load, so it costs no stack trace. */
  public NoRoomException(long bytes) {
    super("there is no memory for its " + bytes + " bytes", null, false, false);
  }
}
