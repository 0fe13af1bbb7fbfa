package io.ringmaster.it;

import io.ringmaster.proxy.demo.RedisProcess;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** Three servers with an ordinary configuration and three coordinators, as processes. */
public final class ProcessSite implements Site<Instance> {

  private static final List<String> IDS = List.of("c1", "c2", "c3");

  private final List<RedisProcess> servers = new ArrayList<>();
  private final CoordinatorFleet fleet;

  /** With data and logs below {@code folder}; settings are those of the coordinators. */
  public ProcessSite(Path folder, String... settings) {
    Path binary = Proxies.redis(folder);
    for (int i = 0; i < 3; i++) {
      servers.add(RedisProcess.start(binary, folder.resolve("redis" + i)));
    }
    String nodes =
        servers.stream()
            .map(server -> server.address().toString())
            .collect(Collectors.joining(","));
    fleet = new CoordinatorFleet(folder, List.of(nodes), IDS, List.of(settings));
  }

  @Override
  public List<Instance> servers() {
    return servers.stream().<Instance>map(ServerProcess::new).toList();
  }

  @Override
  public Map<String, Instance> coordinators() {
    Map<String, Instance> coordinators = new TreeMap<>();
    IDS.forEach(id -> coordinators.put(id, new CoordinatorProcess(fleet, id)));
    return coordinators;
  }

  /** Where clients of the coordinators connect. */
  public List<Integer> clientPorts() {
    return IDS.stream().map(fleet::clientPort).toList();
  }

  @Override
  public void close() {
    fleet.close();
    servers.forEach(RedisProcess::close);
  }
}
