package io.ringmaster.proxy.backend;

/** The counters that backend connections report to; called on their event loop. */
public interface BackendCounters {

  /** A connection became usable. */
  void backendOpened();

  /** A usable connection was lost. */
  void backendLost();
}
