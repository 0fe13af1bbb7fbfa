package io.ringmaster.proxy;

import io.ringmaster.cluster.topology.Topology;
import io.ringmaster.proxy.metadata.Heartbeats;

/** What decides who leads, if somebody does. */
sealed interface ControlPlane permits ControlLoop, ControlPlane.None {

  /** Decides from now on, wherever this coordinator is the controller. */
  void start();

  /** Looks from now on whether leaders have failed, and tells the others all that it observes. */
  void detectFailures(Heartbeats told);

  void publish(Topology next);

  /** Ends what it does; topologies may still be published. */
  void stop();

  /** Ends the thread; nobody publishes any more. */
  void close();

  /** That of a proxy without coordinators: an operator decides. */
  record None() implements ControlPlane {

    @Override
    public void start() {}

    @Override
    public void detectFailures(Heartbeats told) {}

    @Override
    public void publish(Topology next) {}

    @Override
    public void stop() {}

    @Override
    public void close() {}
  }
}
