package io.ringmaster.it;

import io.ringmaster.proxy.config.Address;
import redis.clients.jedis.Jedis;

/** A server or a coordinator that a test may harm: a process of this machine, or a container. */
public interface Instance {

  /** By which the others know it. */
  Address address();

  /** A client of it; fails where it cannot be reached. */
  Jedis client();

  /** Ends it at once. Its address and its data stay. */
  void kill();

  /** Starts it again after {@link #kill}; does not wait. */
  void start();

  /** Lets it do nothing, with its connections open. */
  void pause();

  /** Lets it go on after {@link #pause}. */
  void resume();
}
