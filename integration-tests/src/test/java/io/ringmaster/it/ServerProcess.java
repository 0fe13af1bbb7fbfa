package io.ringmaster.it;

import io.ringmaster.proxy.config.Address;
import io.ringmaster.proxy.demo.RedisProcess;
import redis.clients.jedis.Jedis;

/** A server as a process of this machine. */
record ServerProcess(RedisProcess process) implements Instance {

  @Override
  public Address address() {
    return process.address();
  }

  @Override
  public Jedis client() {
    return new Jedis("127.0.0.1", process.port());
  }

  @Override
  public void kill() {
    process.kill();
  }

  @Override
  public void start() {
    process.restart();
  }

  @Override
  public void pause() {
    process.pause();
  }

  @Override
  public void resume() {
    process.resume();
  }
}
