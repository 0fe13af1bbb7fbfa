package io.ringmaster.proxy.health;

import io.netty.util.NetUtil;
import io.ringmaster.cluster.replication.Marker;
import io.ringmaster.cluster.topology.Node;
import io.ringmaster.cluster.topology.Shard;
import io.ringmaster.proxy.config.Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Whether a server lets its shard keep what is promised above level {@code async}. The leader's
 * wait for replicas counts whoever is attached, so nobody else may be; evicted markers prove
 * nothing; whoever else promotes replicas does so behind the proxy's back; and a replica must hold
 * what it acknowledges.
 */
public final class Eligibility {

  private static final Logger LOG = LoggerFactory.getLogger(Eligibility.class);
  private static final Pattern REPLICA = Pattern.compile("ip=([^,]+),port=(\\d+),.*");
  private static final Pattern SENTINEL = Pattern.compile("(?m)\\bname=sentinel-\\S+");

  private final Supplier<Optional<Shard>> shard;
  private final boolean allowsUntested;
  private final Fencing fencing;
  private final Marker marker;
  private final int databases;

  /**
   * What a server tells of itself.
   *
   * @param info its answer to {@code INFO}
   * @param configuration its answer to {@code CONFIG GET *}; what it does not tell is missing
   * @param clients its answer to {@code CLIENT LIST}; empty if it was not asked
   */
  public record Facts(Map<String, String> info, Map<String, String> configuration, String clients) {

    private boolean has(String parameter, String value) {
      return value.equals(configuration.get(parameter));
    }

    private String parameter(String name) {
      return configuration.getOrDefault(name, "");
    }
  }

  /**
   * For the servers of one shard.
   *
   * @param shard the shard as of now
   * @param allowsUntested whether versions may be used that were never tried
   * @param fencing how it is kept from those who have been cut off
   * @param marker of the shard
   * @param databases how many clients may use
   */
  public Eligibility(
      Supplier<Optional<Shard>> shard,
      boolean allowsUntested,
      Fencing fencing,
      Marker marker,
      int databases) {
    this.shard = shard;
    this.allowsUntested = allowsUntested;
    this.fencing = fencing;
    this.marker = marker;
    this.databases = databases;
  }

  /** Why the server is not fit; empty if it is. */
  public String reason(Facts facts, boolean leads) {
    if (!allowsUntested && !Versions.wasTried(facts.info())) {
      return Versions.product(facts.info()) + " was never tried (consistency.untested-versions)";
    }
    if (fencing == Fencing.MISSING) {
      return "nothing fences it (coordinator.fence)";
    }
    if (fencing == Fencing.USERS && !facts.parameter("aclfile").isEmpty()) {
      return "its ACL file would keep users of earlier epochs";
    }
    String lacking = lackingDatabase(facts.parameter("databases"));
    if (!lacking.isEmpty()) {
      return lacking;
    }
    String policy = facts.info().getOrDefault("maxmemory_policy", "noeviction");
    if (policy.startsWith("allkeys-")) {
      return "its maxmemory-policy %s may evict %s"
          .formatted(policy, leads ? "the marker" : "what it acknowledges, once it leads");
    }
    return leads ? reasonOfLeader(facts) : reasonOfReplica(facts);
  }

  /** A replica that has fewer applies what is meant for others to the one that it is in. */
  private String lackingDatabase(String present) {
    if (!present.matches("\\d{1,9}")) {
      return "";
    }
    int count = Integer.parseInt(present);
    if (count <= marker.database()) {
      return "it has %d databases, and none of number %d for the marker (backend.marker-database)"
          .formatted(count, marker.database());
    }
    return count < databases
        ? "it has %d databases, and clients may use %d (backend.databases)"
            .formatted(count, databases)
        : "";
  }

  private String reasonOfLeader(Facts facts) {
    if (SENTINEL.matcher(facts.clients()).find()) {
      return "a Sentinel watches it";
    }
    String stranger = stranger(facts.info());
    return stranger.isEmpty() ? "" : "a replica is attached that is not of this shard: " + stranger;
  }

  private static String reasonOfReplica(Facts facts) {
    boolean isBounded = !facts.info().getOrDefault("maxmemory", "0").equals("0");
    if (isBounded && facts.has("replica-ignore-maxmemory", "no")) {
      return "out of memory it skips what it acknowledges (replica-ignore-maxmemory no)";
    }
    return facts.has("repl-diskless-load", "flush-before-load")
        ? "it drops what it holds before it has a copy (repl-diskless-load flush-before-load)"
        : "";
  }

  /** What the operator should know, though it breaks no promise; empty if there is nothing. */
  public String warning(Facts facts, boolean leads) {
    if (facts.configuration().isEmpty()) {
      return "it does not tell its configuration";
    }
    if (facts.has("appendonly", "no") && facts.has("save", "")) {
      return "it keeps nothing on disk";
    }
    if (!leads) {
      return "0".equals(facts.info().get("slave_read_only"))
          ? "it takes writes of anybody (replica-read-only no)"
          : "";
    }
    int replicas = shard.get().map(known -> known.replicas().size()).orElse(0);
    String wanted = facts.parameter("min-replicas-to-write");
    return wanted.matches("\\d{1,9}") && Integer.parseInt(wanted) > replicas
        ? "it takes no writes: min-replicas-to-write is "
            + wanted
            + ", its replicas are "
            + replicas
        : "";
  }

  /** Whether a server so configured has every write on its disk before it answers it. */
  static boolean syncsEachWrite(Facts facts) {
    return facts.has("appendonly", "yes")
        && facts.has("appendfsync", "always")
        && facts.has("no-appendfsync-on-rewrite", "no");
  }

  private String stranger(Map<String, String> info) {
    Set<Address> own = null;
    for (Map.Entry<String, String> field : info.entrySet()) {
      Matcher replica = REPLICA.matcher(field.getValue());
      if (field.getKey().matches("slave\\d+") && replica.matches()) {
        own = own == null ? addresses() : own;
        Address address = new Address(replica.group(1), Integer.parseInt(replica.group(2)));
        if (!own.contains(address)) {
          return address.toString();
        }
      }
    }
    return "";
  }

  /** The shard's nodes by address, as a leader sees them, and by name. */
  private Set<Address> addresses() {
    Set<Address> addresses = new HashSet<>();
    List<Node> nodes = shard.get().map(Shard::nodes).orElse(List.of());
    for (Node node : nodes) {
      String host = node.id().host();
      int port = node.id().port();
      addresses.add(new Address(host, port));
      try {
        for (InetAddress address : InetAddress.getAllByName(host)) {
          addresses.add(new Address(NetUtil.toAddressString(address), port));
        }
      } catch (UnknownHostException unknown) {
        // Then no leader can know it by an address of that name either.
        LOG.debug("no address of {}", host);
      }
    }
    return addresses;
  }
}
