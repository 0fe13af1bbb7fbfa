package io.ringmaster.proxy.cli;

import io.ringmaster.proxy.config.Address;
import io.ringmaster.proxy.config.Settings.Shard;
import io.ringmaster.proxy.config.SettingsSource;
import io.ringmaster.proxy.demo.CoordinatorProcess;
import io.ringmaster.proxy.demo.DemoDirectory;
import java.io.File;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** The coordinators c1, c2 and so on of a demo: the first is this process, each other its own. */
final class DemoCoordinators implements AutoCloseable {

  private final Path home;
  private final List<Address> addresses;
  private final String secret;
  private final List<CoordinatorProcess> others = new ArrayList<>();
  private boolean closed;

  /** So many. */
  DemoCoordinators(DemoDirectory directory, int count) {
    this.home = directory.path();
    this.addresses = directory.coordinators(count);
    this.secret = directory.secret();
  }

  /** Makes this process the first. */
  void configureFirst(SettingsSource source) {
    assignments(1).forEach(source::set);
    source.set("coordinator.secret=" + secret);
  }

  private List<String> assignments(int number) {
    String peers =
        IntStream.range(0, addresses.size())
            .mapToObj(i -> "{id=c%d,address=\"%s\"}".formatted(i + 1, addresses.get(i)))
            .collect(Collectors.joining(","));
    return List.of(
        "coordinator.id=c" + number,
        "coordinator.peers=[" + peers + "]",
        "coordinator.dir=\"" + home.resolve("c" + number).toString().replace("\\", "\\\\") + "\"");
  }

  /** Starts the others, which wait for the first; {@code common} goes to each of them. */
  void startOthers(int port, List<Shard> shards, List<String> common) {
    for (int number = 2; number <= addresses.size(); number++) {
      List<String> arguments = new ArrayList<>(List.of("serve"));
      arguments.addAll(common);
      arguments.addAll(List.of("--port", String.valueOf(port == 0 ? 0 : port + number - 1)));
      shards.forEach(shard -> arguments.addAll(List.of("--shard", nodes(shard))));
      assignments(number).forEach(a -> arguments.addAll(List.of("--set", a)));
      launch(arguments, home.resolve("c" + number));
    }
  }

  private synchronized void launch(List<String> arguments, Path directory) {
    if (!closed) {
      others.add(CoordinatorProcess.launch(java(arguments), directory));
    }
  }

  private static String nodes(Shard shard) {
    List<Address> nodes = new ArrayList<>(List.of(shard.leader()));
    nodes.addAll(shard.replicas());
    return nodes.stream().map(Address::toString).collect(Collectors.joining(","));
  }

  /** As this JVM was started. */
  private ProcessBuilder java(List<String> arguments) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(ManagementFactory.getRuntimeMXBean().getInputArguments());
    String classes = System.getProperty("java.class.path");
    if (classes.endsWith(".jar") && !classes.contains(File.pathSeparator)) {
      command.addAll(List.of("-jar", classes));
    } else {
      command.addAll(List.of("-cp", classes, Main.class.getName()));
    }
    command.addAll(arguments);
    ProcessBuilder builder = new ProcessBuilder(command);
    builder.environment().put("RINGMASTER_SECRET", secret);
    return builder;
  }

  /** Waits for the others; where clients connect to them. */
  List<String> awaitOthers() {
    return others().stream().map(CoordinatorProcess::awaitReady).toList();
  }

  private synchronized List<CoordinatorProcess> others() {
    return List.copyOf(others);
  }

  @Override
  public void close() {
    synchronized (this) {
      closed = true;
    }
    others().forEach(CoordinatorProcess::requestStop);
    others().forEach(CoordinatorProcess::close);
  }
}
