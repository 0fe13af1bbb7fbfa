package io.ringmaster.proxy;

import io.ringmaster.cluster.control.EpochUsers;
import io.ringmaster.cluster.topology.Topology;
import io.ringmaster.proxy.config.Address;
import io.ringmaster.proxy.config.Settings;
import io.ringmaster.proxy.metadata.ConfigGroup;
import io.ringmaster.proxy.metadata.Member;
import io.ringmaster.proxy.metadata.StaticTopology;
import io.ringmaster.proxy.metadata.ratis.GroupSettings;
import io.ringmaster.proxy.metadata.ratis.GroupSettings.TlsFiles;
import io.ringmaster.proxy.metadata.ratis.RatisConfigGroup;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** The config group that a configuration describes. */
final class ConfigGroups {

  private static final int SEGMENT_BYTES = 1 << 20;

  private ConfigGroups() {}

  /** Returns when the topology of the group is known here. Without a group Ratis is not loaded. */
  static ConfigGroup start(Settings settings) {
    Topology configured = Topologies.of(settings);
    return settings.coordinator().enabled()
        ? RatisConfigGroup.start(groupSettings(settings.coordinator()), configured)
        : new StaticTopology(configured);
  }

  private static GroupSettings groupSettings(Settings.Coordinator coordinator) {
    Address listen = coordinator.listen().orElseThrow();
    Member self = new Member(coordinator.id(), Topologies.node(listen));
    List<Member> peers =
        coordinator.peers().stream()
            .map(peer -> new Member(peer.id(), Topologies.node(peer.address())))
            .toList();
    return new GroupSettings(
        self,
        coordinator.bind().isEmpty() ? listen.host() : coordinator.bind(),
        peers.isEmpty() ? List.of(self) : peers,
        Path.of(coordinator.dir()).toAbsolutePath(),
        tls(coordinator.tls()),
        coordinator.timeout(),
        coordinator.startTimeout(),
        coordinator.electionTimeout(),
        coordinator.snapshotEntries(),
        SEGMENT_BYTES,
        coordinator.lease(),
        EpochUsers.fingerprint(coordinator.secret().text()));
  }

  private static Optional<TlsFiles> tls(Settings.CoordinatorTls tls) {
    return tls.enabled()
        ? Optional.of(
            new TlsFiles(Path.of(tls.certificate()), Path.of(tls.key()), Path.of(tls.trust())))
        : Optional.empty();
  }
}
