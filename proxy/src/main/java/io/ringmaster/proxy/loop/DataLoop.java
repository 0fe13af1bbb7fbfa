package io.ringmaster.proxy.loop;

import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.EventLoop;
import io.netty.channel.RecvByteBufAllocator;
import java.util.ArrayDeque;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One event loop of the data plane. Whatever its connections have written during an iteration is
 * flushed once, at the end of it: system calls, not code, decide what a small request costs.
 */
public final class DataLoop {

  private static final Logger LOG = LoggerFactory.getLogger(DataLoop.class);

  private final EventLoop eventLoop;
  private final ByteBufAllocator allocator;
  private final SharedReceiveBuffer receiveBuffers = new SharedReceiveBuffer();
  private final ArrayDeque<Runnable> resumptions = new ArrayDeque<>();
  private final ArrayDeque<Output> dirty = new ArrayDeque<>();
  private final Runnable endOfIteration = this::endIteration;
  private boolean scheduled;
  private byte[] scratch = new byte[512];

  public DataLoop(EventLoop eventLoop, ByteBufAllocator allocator) {
    this.eventLoop = eventLoop;
    this.allocator = allocator;
  }

  public EventLoop eventLoop() {
    return eventLoop;
  }

  /** Where the memory of its connections comes from. */
  public ByteBufAllocator allocator() {
    return allocator;
  }

  /** Hands out one buffer to all connections of this loop, as long as nobody keeps it. */
  public RecvByteBufAllocator receiveBuffers() {
    return receiveBuffers;
  }

  /** An array of at least {@code size} bytes; its content is lost with the next call. */
  public byte[] scratch(int size) {
    if (size <= scratch.length) {
      return scratch;
    }
    byte[] larger = new byte[size];
    if (size <= 64 * 1024) {
      scratch = larger;
    }
    return larger;
  }

  /** Runs {@code task} when all events at hand have been handled, before anything is flushed. */
  public void resumeLater(Runnable task) {
    resumptions.add(task);
    schedule();
  }

  /** Gives back what the loop holds; its connections are closed before. */
  public void close() {
    receiveBuffers.release();
  }

  void flushLater(Output output) {
    dirty.add(output);
    schedule();
  }

  private void schedule() {
    if (!scheduled) {
      scheduled = true;
      eventLoop.execute(endOfIteration);
    }
  }

  /** One client's trouble must not keep the others from being flushed. */
  private static void run(Runnable resumption) {
    try {
      resumption.run();
    } catch (RuntimeException failure) {
      LOG.error("a resumption failed", failure);
    }
  }

  private void endIteration() {
    for (int i = resumptions.size(); i > 0; i--) {
      run(resumptions.remove());
    }
    for (Output output = dirty.poll(); output != null; output = dirty.poll()) {
      output.flush();
    }
    scheduled = false;
    if (!resumptions.isEmpty()) {
      schedule();
    }
  }
}
