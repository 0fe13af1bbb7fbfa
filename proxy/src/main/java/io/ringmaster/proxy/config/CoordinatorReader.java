package io.ringmaster.proxy.config;

import io.ringmaster.cluster.control.ControllerSettings.UncleanLeader;
import io.ringmaster.proxy.config.Settings.Coordinator;
import io.ringmaster.proxy.config.Settings.CoordinatorTls;
import io.ringmaster.proxy.config.Settings.LeaderFailure;
import io.ringmaster.proxy.config.Settings.Peer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** The rules of the block {@code coordinator}. */
final class CoordinatorReader {

  private CoordinatorReader() {}

  static Coordinator read(Section section) {
    try (section) {
      String id =
          section.text(
              "id",
              "empty, or " + SettingsReader.NAME_FORM,
              text -> text.isEmpty() || SettingsReader.NAME.matcher(text).matches());
      List<Peer> peers = peers(section.sections("peers"));
      Optional<Address> listen = listen(section, id, peers);
      String bind =
          section.text(
              "bind",
              "empty, a host name or an IP address",
              text -> text.isEmpty() || Address.host(text).isPresent());
      Duration heartbeat = section.duration("heartbeat", "10ms", "1m", false);
      return new Coordinator(
          id,
          listen,
          Address.host(bind).orElse(bind),
          peers,
          directory(section, id),
          section.duration("timeout", "100ms", "5m", false),
          section.duration("start-timeout", "1s", "1h", false),
          section.duration("election-timeout", "50ms", "1m", false),
          section.integer("snapshot-entries", 10, 1_000_000),
          heartbeat,
          lease(section, heartbeat),
          failure(section.section("failure")),
          section.duration("queue-timeout", "10ms", "1m", true),
          section.duration("out-of-sync-after", "1s", "30d", true),
          section.choice("unclean-leader", UncleanLeader.class),
          section.flag("fence"),
          section.flag("adopt"),
          secret(section, id),
          tls(section.section("tls")));
    }
  }

  private static String directory(Section section, String id) {
    String directory = section.text("dir", "a path", any -> true);
    if (!id.isEmpty() && directory.isEmpty()) {
      section.conflict("dir", "a coordinator without a folder", "a path of its own");
    }
    return directory;
  }

  private static Duration lease(Section section, Duration heartbeat) {
    Duration lease = section.duration("lease", "30ms", "5m", false);
    if (!lease.isZero() && lease.compareTo(heartbeat.multipliedBy(3)) < 0) {
      section.conflict("lease", "shorter than three heartbeats", "three heartbeats or more");
    }
    return lease;
  }

  private static LeaderFailure failure(Section section) {
    return new LeaderFailure(
        section.duration("refused", "100ms", "1m", false),
        section.duration("silent", "200ms", "5m", false));
  }

  private static Secret secret(Section section, String id) {
    Secret secret = section.secret("secret");
    if (!id.isEmpty() && secret.text().isEmpty() && section.flag("fence")) {
      section.conflict(
          "secret", "a coordinator without a secret", "the same text for all coordinators");
    }
    return secret;
  }

  private static List<Peer> peers(List<Section> sections) {
    List<Peer> peers = new ArrayList<>();
    Set<String> ids = new HashSet<>();
    Set<Address> addresses = new HashSet<>();
    for (Section section : sections) {
      try (section) {
        String id =
            section.text("id", SettingsReader.NAME_FORM, SettingsReader.NAME.asMatchPredicate());
        if (!id.isEmpty() && !ids.add(id)) {
          section.conflict("id", "coordinator " + id + " stands there twice", "each id once");
        }
        Optional<Address> address = section.address("address");
        address.ifPresent(found -> peers.add(new Peer(id, found)));
        if (address.isPresent() && !addresses.add(address.get())) {
          section.conflict("address", address.get() + " stands there twice", "each address once");
        }
      }
    }
    return peers;
  }

  /** What stands there, else the address of the peer that this coordinator is. */
  private static Optional<Address> listen(Section section, String id, List<Peer> peers) {
    String text =
        section.text(
            "listen",
            "empty, or " + Address.FORM,
            found -> found.isEmpty() || Address.parse(found).isPresent());
    Optional<Address> own =
        peers.stream().filter(peer -> peer.id().equals(id)).map(Peer::address).findFirst();
    Optional<Address> listen = Address.parse(text).or(() -> own);
    if (!id.isEmpty() && listen.isEmpty()) {
      section.conflict("listen", "a coordinator without an address", Address.FORM);
    }
    if (own.isPresent() && !own.equals(listen)) {
      section.conflict("listen", "not the address of " + id + " in peers", "the same, or empty");
    }
    return listen;
  }

  private static CoordinatorTls tls(Section section) {
    try (section) {
      CoordinatorTls tls =
          new CoordinatorTls(
              section.text("certificate", "a path", any -> true),
              section.text("key", "a path", any -> true),
              section.text("trust", "a path", any -> true));
      boolean complete =
          tls.certificate().isEmpty() == tls.key().isEmpty()
              && tls.key().isEmpty() == tls.trust().isEmpty();
      if (!complete) {
        section.conflict("trust", "one file of TLS without the others", "all three, or none");
      }
      return tls;
    }
  }
}
