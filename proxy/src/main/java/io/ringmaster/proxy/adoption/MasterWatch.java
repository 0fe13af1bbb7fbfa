package io.ringmaster.proxy.adoption;

/** Looks again and again until when a server was a master. */
final class MasterWatch implements AutoCloseable {

  private final ServerLink link;
  private final Thread thread;
  private volatile long lastSeenNanos = System.nanoTime();
  private volatile boolean stopped;

  MasterWatch(ServerLink link) {
    this.link = link;
    this.thread = Thread.ofVirtual().start(this::look);
  }

  private void look() {
    while (!stopped) {
      long asked = System.nanoTime();
      if (!link.text("ROLE").equals("master")) {
        return;
      }
      lastSeenNanos = asked;
      Patience.pause();
    }
  }

  /** Returns the time for which it has been none, in milliseconds. */
  long refusedMillis() {
    return (System.nanoTime() - lastSeenNanos) / 1_000_000;
  }

  @Override
  public void close() {
    stopped = true;
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
