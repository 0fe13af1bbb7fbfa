package io.ringmaster.it;

import com.github.dockerjava.api.DockerClient;
import com.github.dockerjava.api.model.ContainerNetwork;
import com.github.dockerjava.api.model.ExposedPort;
import com.github.dockerjava.api.model.Ports;
import io.ringmaster.proxy.config.Address;
import org.testcontainers.DockerClientFactory;
import org.testcontainers.containers.GenericContainer;
import org.testcontainers.containers.Network;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.exceptions.JedisConnectionException;

/**
 * A server or a coordinator in a container of its own.
 *
 * @param port where clients reach it, inside of the container
 */
record ContainerInstance(GenericContainer<?> container, Network network, Address address, int port)
    implements Instance {

  /** The port of this machine changes with each start, and is none where there is no network. */
  @Override
  public Jedis client() {
    Ports.Binding[] bindings =
        docker()
            .inspectContainerCmd(id())
            .exec()
            .getNetworkSettings()
            .getPorts()
            .getBindings()
            .get(ExposedPort.tcp(port));
    if (bindings == null || bindings.length == 0) {
      throw new JedisConnectionException("no port is published for " + address);
    }
    return new Jedis("127.0.0.1", Integer.parseInt(bindings[0].getHostPortSpec()), 20_000);
  }

  @Override
  public void kill() {
    docker().killContainerCmd(id()).exec();
  }

  @Override
  public void start() {
    docker().startContainerCmd(id()).exec();
  }

  @Override
  public void pause() {
    docker().pauseContainerCmd(id()).exec();
  }

  @Override
  public void resume() {
    docker().unpauseContainerCmd(id()).exec();
  }

  /** Takes it off the network: nothing it sends arrives, and nothing arrives there. */
  void disconnect() {
    docker().disconnectFromNetworkCmd().withContainerId(id()).withNetworkId(network.getId()).exec();
  }

  /** Puts it back, at the same address. */
  void connect() {
    docker()
        .connectToNetworkCmd()
        .withContainerId(id())
        .withNetworkId(network.getId())
        .withContainerNetwork(
            new ContainerNetwork()
                .withIpamConfig(new ContainerNetwork.Ipam().withIpv4Address(address.host())))
        .exec();
  }

  private String id() {
    return container.getContainerId();
  }

  private static DockerClient docker() {
    return DockerClientFactory.instance().client();
  }
}
