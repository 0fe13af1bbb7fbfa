package io.ringmaster.proxy.loop;

import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.EventLoop;
import io.netty.channel.RecvByteBufAllocator;
import java.util.ArrayDeque;
import java.util.concurrent.TimeUnit;

/**
 * An event loop of the data plane. Whatever its connections have written during an iteration is
 * flushed once, at the end of it: system calls, not code, decide what a small request costs. What
 * one task or connection throws never keeps another one from its turn.
 */
public final class DataLoop {

  private final EventLoop eventLoop;
  private final ByteBufAllocator allocator;
  private final Faults faults;
  private final MemoryAccount memory;
  private final SharedReceiveBuffer receiveBuffers;
  private final RecvByteBufAllocator clientReceiveBuffers;
  private final ArrayDeque<Runnable> resumptions = new ArrayDeque<>();
  private final ArrayDeque<Output> dirty = new ArrayDeque<>();
  private final Runnable endOfIteration = this::endIteration;
  private boolean scheduled;
  private byte[] scratch = new byte[512];

  public DataLoop(
      EventLoop eventLoop, ByteBufAllocator allocator, MemoryBudget budget, Faults faults) {
    this.eventLoop = eventLoop;
    this.allocator = allocator;
    this.faults = faults;
    this.memory = new MemoryAccount(budget);
    this.receiveBuffers = new SharedReceiveBuffer(memory);
    this.clientReceiveBuffers = receiveBuffers.forClients();
  }

  public EventLoop eventLoop() {
    return eventLoop;
  }

  /** Returns the source of its connections' memory. */
  public ByteBufAllocator allocator() {
    return allocator;
  }

  /** Returns the handler of everything that its tasks throw. */
  public Faults faults() {
    return faults;
  }

  /** Returns the account of the memory that its connections hold. */
  public MemoryAccount memory() {
    return memory;
  }

  /** Hands out one buffer to all connections of this loop, as long as nobody keeps it. */
  public RecvByteBufAllocator receiveBuffers() {
    return receiveBuffers;
  }

  /** Returns the receive buffers of clients, who get a small one where memory is scarce. */
  public RecvByteBufAllocator clientReceiveBuffers() {
    return clientReceiveBuffers;
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

  /** Runs {@code task} once, not before {@code delayMillis} have passed. */
  public void schedule(long delayMillis, Runnable task) {
    eventLoop.schedule(() -> faults.guard("a timer", task), delayMillis, TimeUnit.MILLISECONDS);
  }

  /** Runs {@code task} every {@code millis} milliseconds from then on, whatever it throws. */
  public void every(long millis, Runnable task) {
    eventLoop.scheduleWithFixedDelay(
        () -> faults.guard("a timer", task), millis, millis, TimeUnit.MILLISECONDS);
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
      eventLoop.execute(endOfIteration);
      scheduled = true;
    }
  }

  private void endIteration() {
    try {
      for (int i = resumptions.size(); i > 0; i--) {
        faults.guard("a resumption", resumptions.remove());
      }
      for (Output output = dirty.poll(); output != null; output = dirty.poll()) {
        flush(output);
      }
    } finally {
      scheduled = false;
      if (!resumptions.isEmpty() || !dirty.isEmpty()) {
        schedule();
      }
    }
  }

  /** A connection that cannot be flushed has lost bytes, so it ends. */
  private static void flush(Output output) {
    try {
      output.flush();
    } catch (Throwable fault) {
      output.fail(fault);
    }
  }
}
