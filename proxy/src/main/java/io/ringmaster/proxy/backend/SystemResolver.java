package io.ringmaster.proxy.backend;

import io.netty.resolver.AddressResolver;
import io.netty.resolver.AddressResolverGroup;
import io.netty.resolver.InetNameResolver;
import io.netty.util.concurrent.EventExecutor;
import io.netty.util.concurrent.Promise;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.List;

/**
 * Resolves host names as the operating system does, on a thread of its own for each look-up: that
 * may take seconds, in which the event loop serves others.
 */
final class SystemResolver extends AddressResolverGroup<InetSocketAddress> {

  @Override
  protected AddressResolver<InetSocketAddress> newResolver(EventExecutor executor) {
    return new Names(executor).asAddressResolver();
  }

  private static final class Names extends InetNameResolver {

    Names(EventExecutor executor) {
      super(executor);
    }

    @Override
    protected void doResolve(String name, Promise<InetAddress> promise) {
      lookUp(name, () -> promise.setSuccess(InetAddress.getByName(name)), promise);
    }

    @Override
    protected void doResolveAll(String name, Promise<List<InetAddress>> promise) {
      lookUp(name, () -> promise.setSuccess(List.of(InetAddress.getAllByName(name))), promise);
    }

    private static void lookUp(String name, LookUp lookUp, Promise<?> promise) {
      Thread.ofPlatform()
          .daemon()
          .name("resolve-" + name)
          .start(
              () -> {
                try {
                  lookUp.run();
                } catch (UnknownHostException unknown) {
                  promise.setFailure(new UnknownHostException("unknown host " + name));
                }
              });
    }
  }

  @FunctionalInterface
  private interface LookUp {
    void run() throws UnknownHostException;
  }
}
