package io.ringmaster.proxy.backend;

/** What backend connections report to whoever counts; called on their event loop. */
public interface BackendCounters {

  /** A connection became usable. */
  void backendOpened();

  /** A usable connection was lost. */
  void backendLost();
}
