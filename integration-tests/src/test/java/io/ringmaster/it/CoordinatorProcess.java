package io.ringmaster.it;

import io.ringmaster.proxy.config.Address;
import redis.clients.jedis.Jedis;

/** A coordinator as a process of this machine. */
record CoordinatorProcess(CoordinatorFleet fleet, String id) implements Instance {

  @Override
  public Address address() {
    return Address.parse(fleet.address(id)).orElseThrow();
  }

  @Override
  public Jedis client() {
    return fleet.client(id);
  }

  @Override
  public void kill() {
    fleet.kill(id);
  }

  @Override
  public void start() {
    fleet.launch(id);
  }

  @Override
  public void pause() {
    fleet.pause(id);
  }

  @Override
  public void resume() {
    fleet.resume(id);
  }
}
