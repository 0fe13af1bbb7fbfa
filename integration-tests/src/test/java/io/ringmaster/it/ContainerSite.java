package io.ringmaster.it;

import com.github.dockerjava.api.model.ExposedPort;
import com.github.dockerjava.api.model.HostConfig;
import com.github.dockerjava.api.model.Network.Ipam;
import com.github.dockerjava.api.model.PortBinding;
import com.github.dockerjava.api.model.Ports;
import io.ringmaster.proxy.config.Address;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ThreadLocalRandom;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.testcontainers.containers.GenericContainer;
import org.testcontainers.containers.Network;
import org.testcontainers.containers.wait.strategy.Wait;
import org.testcontainers.lifecycle.Startables;

/** Three servers and three coordinators in containers, on a network of their own. */
final class ContainerSite implements Site<ContainerInstance> {

  private static final int REDIS_PORT = 6379;
  private static final int CLIENT_PORT = 7379;
  private static final int GROUP_PORT = 7390;

  private final ContainerImages images;
  private final String subnet = unusedSubnet();
  private final Network network;
  private final List<ContainerInstance> servers = new ArrayList<>();
  private final Map<String, ContainerInstance> coordinators = new TreeMap<>();

  ContainerSite(ContainerImages images) {
    this.images = images;
    Ipam.Config addresses = new Ipam.Config().withSubnet(subnet + "0/24");
    this.network =
        Network.builder()
            .createNetworkCmdModifier(command -> command.withIpam(new Ipam().withConfig(addresses)))
            .build();
    for (int i = 1; i <= 3; i++) {
      servers.add(server(i));
    }
    for (int i = 1; i <= 3; i++) {
      coordinators.put("c" + i, coordinator(i));
    }
  }

  /** Begins the addresses of 256 hosts that no interface of this machine is among. */
  private static String unusedSubnet() {
    Set<String> used;
    try {
      used =
          NetworkInterface.networkInterfaces()
              .flatMap(NetworkInterface::inetAddresses)
              .map(InetAddress::getHostAddress)
              .map(address -> address.substring(0, address.lastIndexOf('.') + 1))
              .collect(Collectors.toSet());
    } catch (SocketException e) {
      throw new UncheckedIOException(e);
    }
    return ThreadLocalRandom.current()
        .ints(0, 256)
        .mapToObj("10.73.%d."::formatted)
        .filter(subnet -> !used.contains(subnet))
        .findFirst()
        .orElseThrow();
  }

  /** Returns when all are healthy. */
  void start() {
    Startables.deepStart(containers()).join();
  }

  private ContainerInstance server(int number) {
    GenericContainer<?> container =
        new GenericContainer<>(images.redis())
            .withCommand("redis-server", "--appendonly", "yes", "--protected-mode", "no")
            .waitingFor(Wait.forLogMessage(".*Ready to accept connections.*", 1));
    return instance(container, new Address(subnet + (20 + number), REDIS_PORT), REDIS_PORT);
  }

  private ContainerInstance coordinator(int number) {
    String nodes =
        servers.stream()
            .map(server -> server.address().toString())
            .collect(Collectors.joining(","));
    String peers =
        Stream.of(1, 2, 3)
            .map(peer -> "{id=c%d,address=\"%s\"}".formatted(peer, groupAddress(peer)))
            .collect(Collectors.joining(",", "[", "]"));
    List<String> command = new ArrayList<>();
    command.addAll(List.of("serve", "--config", "/etc/ringmaster/ringmaster.conf"));
    command.addAll(List.of("--shard", nodes, "--set", "listen.protected-mode=false"));
    command.addAll(List.of("--set", "coordinator.id=c" + number));
    command.addAll(List.of("--set", "coordinator.peers=" + peers));
    GenericContainer<?> container =
        new GenericContainer<>(images.ringmaster())
            .withCommand(command.toArray(String[]::new))
            .withEnv("RINGMASTER_SECRET", "of-this-test")
            .waitingFor(Wait.forHealthcheck());
    return instance(container, groupAddress(number), CLIENT_PORT);
  }

  private Address groupAddress(int number) {
    return new Address(subnet + (10 + number), GROUP_PORT);
  }

  private ContainerInstance instance(GenericContainer<?> container, Address address, int port) {
    PortBinding onLoopback =
        new PortBinding(Ports.Binding.bindIp("127.0.0.1"), ExposedPort.tcp(port));
    container
        .withNetwork(network)
        .withExposedPorts(port)
        .withCreateContainerCmdModifier(
            command -> {
              command.withIpv4Address(address.host());
              HostConfig host = command.getHostConfig();
              if (host != null) {
                host.withPortBindings(onLoopback);
              }
            });
    return new ContainerInstance(container, network, address, port);
  }

  private List<GenericContainer<?>> containers() {
    List<GenericContainer<?>> containers = new ArrayList<>();
    servers.forEach(server -> containers.add(server.container()));
    coordinators.values().forEach(coordinator -> containers.add(coordinator.container()));
    return containers;
  }

  @Override
  public List<ContainerInstance> servers() {
    return List.copyOf(servers);
  }

  @Override
  public Map<String, ContainerInstance> coordinators() {
    return new TreeMap<>(coordinators);
  }

  /** What all have printed since they were made, by address. */
  Map<String, String> logs() {
    Map<String, String> logs = new TreeMap<>();
    Stream.concat(coordinators.values().stream(), servers.stream())
        .forEach(one -> logs.put(one.address().toString(), one.container().getLogs()));
    return logs;
  }

  @Override
  public void close() {
    containers().forEach(GenericContainer::stop);
    network.close();
  }
}
