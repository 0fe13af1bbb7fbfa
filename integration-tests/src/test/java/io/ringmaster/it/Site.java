package io.ringmaster.it;

import java.util.List;
import java.util.Map;

/**
 * Servers of one shard, and coordinators in front of them.
 *
 * @param <I> what they are
 */
public interface Site<I extends Instance> extends AutoCloseable {

  List<I> servers();

  /** By their ids. */
  Map<String, I> coordinators();

  @Override
  void close();
}
