package io.ringmaster.protocol.codec;

/**
 * The other side broke the protocol; its connection can only be closed. The message has Redis' own
 * wording, fit for {@code -ERR Protocol error: …}.
 */
public final class ProtocolException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  public ProtocolException(String message) {
    super(message, null, false, false);
  }
}
