package io.ringmaster.it.clients;

import io.ringmaster.it.Shards;
import io.ringmaster.proxy.demo.RedisBinary;
import io.ringmaster.proxy.demo.RedisProcess;
import java.nio.file.Path;
import java.util.Map;

/** A proxy with three servers behind it, and a plain server to compare with. */
final class Servers implements AutoCloseable {
  private final Shards shards;
  private final RedisProcess plain;

  Servers(Path folder) {
    shards = new Shards(folder, 3);
    Path binary = RedisBinary.locate("", Map.of("PATH", "" + System.getenv("PATH")), folder);
    plain = RedisProcess.start(binary, folder.resolve("plain"));
  }

  int proxyPort() {
    return shards.port();
  }

  int plainPort() {
    return plain.port();
  }

  @Override
  public void close() {
    shards.close();
    plain.close();
  }
}
