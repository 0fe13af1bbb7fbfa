package io.ringmaster.proxy.metrics;

import io.ringmaster.cluster.replication.BarrierCounters;
import io.ringmaster.cluster.topology.Shard;
import io.ringmaster.proxy.backend.BackendCounters;
import io.ringmaster.proxy.frontend.ClientCounters;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.EnumMap;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The counters of one event loop: written by it alone, read by any thread. An opaque write costs
 * what a plain one does.
 */
public final class LoopCounters implements ClientCounters, BackendCounters, BarrierCounters {

  private static final Logger LOG = LoggerFactory.getLogger(LoopCounters.class);
  private static final VarHandle CELL = MethodHandles.arrayElementVarHandle(long[].class);
  // Counters of different loops must not share a cache line.
  private static final int PADDING = 16;
  private static final Map<Counter, Integer> CELLS = cells();
  private static final int COMMANDS_READ = cell(Counter.COMMANDS_READ);
  private static final int COMMANDS_WRITE = cell(Counter.COMMANDS_WRITE);
  private static final int BYTES_RECEIVED = cell(Counter.BYTES_RECEIVED);
  private static final int BYTES_REPLIED = cell(Counter.BYTES_REPLIED);

  private final long[] cells = new long[CELLS.size() + 2 * PADDING];

  private static Map<Counter, Integer> cells() {
    Map<Counter, Integer> cells = new EnumMap<>(Counter.class);
    for (Counter counter : Counter.values()) {
      cells.put(counter, PADDING + cells.size());
    }
    return cells;
  }

  private static int cell(Counter counter) {
    return CELLS.getOrDefault(counter, PADDING);
  }

  long get(Counter counter) {
    return (long) CELL.getOpaque(cells, cell(counter));
  }

  private void add(int cell, long amount) {
    CELL.setOpaque(cells, cell, cells[cell] + amount);
  }

  private void increment(Counter counter) {
    add(cell(counter), 1);
  }

  /** Something failed by a fault of this process, or as it has no memory. */
  public void faulty() {
    increment(Counter.FAULTS);
  }

  @Override
  public void accepted() {
    increment(Counter.CLIENTS_ACCEPTED);
  }

  @Override
  public void rejected() {
    increment(Counter.CLIENTS_REJECTED);
  }

  @Override
  public void closed() {
    increment(Counter.CLIENTS_CLOSED);
  }

  @Override
  public void received(int bytes) {
    add(BYTES_RECEIVED, bytes);
  }

  @Override
  public void request(boolean readOnly, int bytes) {
    add(readOnly ? COMMANDS_READ : COMMANDS_WRITE, 1);
  }

  @Override
  public void errorReplied() {
    increment(Counter.ERRORS_FROM_SERVERS);
  }

  @Override
  public void failed(String codeAndText) {
    increment(
        codeAndText.startsWith("UNCERTAIN ")
            ? Counter.ERRORS_UNCERTAIN
            : codeAndText.startsWith("UNAVAILABLE ") || codeAndText.startsWith("CLUSTERDOWN ")
                ? Counter.ERRORS_UNAVAILABLE
                : Counter.ERRORS_OWN);
  }

  @Override
  public void replied(int bytes) {
    add(BYTES_REPLIED, bytes);
  }

  @Override
  public void refusedMemory() {
    increment(Counter.MEMORY_REFUSALS);
  }

  @Override
  public void paused() {
    increment(Counter.CLIENTS_PAUSED);
  }

  @Override
  public void begun() {
    increment(Counter.BARRIERS_BEGUN);
  }

  @Override
  public void unleased() {
    increment(Counter.REPLIES_UNLEASED);
  }

  @Override
  public void held(int replies) {
    increment(Counter.BARRIERS_COMMITTED);
    add(cell(Counter.WRITES_COMMITTED), replies);
  }

  @Override
  public void shortOfReplicas() {
    increment(Counter.BARRIERS_SHORT);
  }

  @Override
  public void historyLost(Shard shard) {
    LOG.error("the leader of shard {} has lost writes, acknowledged ones perhaps", shard.id());
    increment(Counter.HISTORIES_LOST);
  }

  @Override
  public void revoked(int replies) {
    add(cell(Counter.WRITES_REVOKED), replies);
  }

  @Override
  public void backendOpened() {
    increment(Counter.BACKENDS_OPENED);
  }

  @Override
  public void backendLost() {
    increment(Counter.BACKENDS_LOST);
  }
}
