package io.ringmaster.proxy.verify;

import java.util.List;

/**
 * A look at a server.
 *
 * @param <T> at what
 * @param <A> what is seen
 */
@FunctionalInterface
interface Look<T, A> {

  /** Returns the findings at {@code server}, for each of {@code items} in their order. */
  List<A> at(Server server, List<T> items);
}
