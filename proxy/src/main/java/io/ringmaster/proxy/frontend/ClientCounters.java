package io.ringmaster.proxy.frontend;

/** What client connections report to whoever counts; called on their event loop. */
public interface ClientCounters {

  void accepted();

  void closed();

  /** A connection was turned away. */
  void rejected();

  void received(int bytes);

  /** A request was understood and is handled. */
  void request(boolean readOnly, int bytes);

  /** A server answered with an error. */
  void errorReplied();

  /** An error of our own was sent. */
  void failed(String codeAndText);

  /** Bytes of replies were passed on. */
  void replied(int bytes);

  /** Something was refused, or a client closed, as there was no memory. */
  void refusedMemory();

  /** A client's reading was stopped because too much of it is in flight. */
  void paused();
}
