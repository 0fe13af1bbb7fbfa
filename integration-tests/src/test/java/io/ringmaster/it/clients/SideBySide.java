package io.ringmaster.it.clients;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import java.nio.file.Path;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.IntFunction;
import org.junit.jupiter.api.DynamicTest;

/** A client of a proxy with three servers behind it, and the same client of one plain server. */
final class SideBySide<C> implements AutoCloseable {

  private final Servers servers;
  private final C proxied;
  private final C plain;
  private final Consumer<C> disconnect;

  SideBySide(Path folder, IntFunction<C> connect, Consumer<C> disconnect) {
    this.disconnect = disconnect;
    servers = new Servers(folder);
    proxied = connect.apply(servers.proxyPort());
    plain = connect.apply(servers.plainPort());
  }

  /** The client of the proxy. */
  C proxied() {
    return proxied;
  }

  /** Runs the same code with both clients: what it returns must be something, and be the same. */
  DynamicTest check(String name, Function<C, Object> code) {
    return dynamicTest(
        name,
        () -> {
          Object expected = code.apply(plain);
          assertThat(expected).isNotNull();
          assertThat(code.apply(proxied)).isEqualTo(expected);
        });
  }

  @Override
  public void close() {
    disconnect.accept(proxied);
    disconnect.accept(plain);
    servers.close();
  }
}
