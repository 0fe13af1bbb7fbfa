package io.ringmaster.proxy.frontend;

import io.ringmaster.protocol.codec.RequestFrame;

/** Where a client's requests go. */
public interface RequestSink {

  /**
   * Handles a request; the frame is valid only during the call.
   *
   * @return false if it has to wait until the client's earlier requests are answered, or until it
   *     is unparked; it then comes again
   */
  boolean accept(ClientConnection client, RequestFrame request);
}
