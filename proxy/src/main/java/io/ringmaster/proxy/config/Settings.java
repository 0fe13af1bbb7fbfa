package io.ringmaster.proxy.config;

import io.ringmaster.cluster.control.ControllerSettings.UncleanLeader;
import io.ringmaster.cluster.topology.ReadLevel;
import io.ringmaster.cluster.topology.WriteLevel;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Everything that can be configured. Immutable and complete: {@code reference.conf} supplies what a
 * file leaves out, and {@link SettingsReader} has checked every value, so no reader of these
 * records checks again. What each setting means stands beside its default in {@code
 * reference.conf}; sizes are in bytes.
 */
public record Settings(
    Listen listen,
    Http http,
    Auth auth,
    Limits limits,
    Backend backend,
    Probe probe,
    Verify verify,
    Shutdown shutdown,
    Server server,
    Ring ring,
    Consistency consistency,
    List<Shard> shards,
    List<Keyspace> keyspaces,
    Coordinator coordinator,
    Demo demo) {

  /** Copies the lists, so that the whole is immutable. */
  public Settings {
    shards = List.copyOf(shards);
    keyspaces = List.copyOf(keyspaces);
  }

  /** The same settings in front of other shards. */
  public Settings withShards(List<Shard> others) {
    return new Settings(
        listen,
        http,
        auth,
        limits,
        backend,
        probe,
        verify,
        shutdown,
        server,
        ring,
        consistency,
        others,
        keyspaces,
        coordinator,
        demo);
  }

  /** Where clients connect; port 0 is any free port, threads are never 0 here. */
  public record Listen(
      String host,
      int port,
      int threads,
      boolean protectedMode,
      Transport transport,
      int backlog,
      Duration tcpKeepAlive) {}

  /** How bytes get in and out; {@link #AUTO} takes the fastest proven one of the system. */
  public enum Transport {
    AUTO,
    EPOLL,
    KQUEUE,
    NIO,
    IO_URING
  }

  /** Metrics and health; port 0 is any free port, -1 is off. */
  public record Http(String host, int port, Ready ready, Duration stallLimit) {
    /** Whether the listener is to be opened. */
    public boolean enabled() {
      return port >= 0;
    }
  }

  /** How many of these shards must serve for the process to be ready; no id means all shards. */
  public record Ready(ReadyWhen when, List<String> shards) {
    /** Copies the list. */
    public Ready {
      shards = List.copyOf(shards);
    }
  }

  /** How many of a number of shards. */
  public enum ReadyWhen {
    /** At least one. */
    ANY,
    /** Each. */
    ALL,
    /** They do not matter. */
    NONE
  }

  /**
   * Who may connect; nobody has to log in when there is no user. The commands are those of which it
   * is decided here that they need an administrator, by their names in the command table.
   */
  public record Auth(List<User> users, Set<String> adminCommands) {
    /** Copies the collections. */
    public Auth {
      users = List.copyOf(users);
      adminCommands = Set.copyOf(adminCommands);
    }

    /** Whether clients have to log in. */
    public boolean required() {
      return !users.isEmpty();
    }

    /** Whether any user is an administrator. */
    public boolean hasAdministrator() {
      return users.stream().anyMatch(User::admin);
    }
  }

  /**
   * A user with the SHA-256 digests, in lower-case hex, of the passwords that are valid now; an
   * administrator or not.
   */
  public record User(String name, List<String> passwordDigests, boolean admin) {
    /** Copies the list. */
    public User {
      passwordDigests = List.copyOf(passwordDigests);
    }
  }

  /**
   * What clients may occupy; {@code memory} 0 is half of the direct memory, {@code idleTimeout}
   * zero is never.
   */
  public record Limits(
      int maxClients,
      int commandsInFlight,
      int bytesInFlight,
      long unreadOutput,
      Duration unreadTime,
      long memory,
      int maxBulk,
      int maxArguments,
      int maxRequest,
      int maxInline,
      Duration idleTimeout,
      Duration authenticationTimeout,
      Duration requestTimeout,
      Unauthenticated unauthenticated) {}

  /** What a client may occupy before it has logged in. */
  public record Unauthenticated(int maxArguments, int maxBulk, int maxOutput) {}

  /**
   * Connections to nodes; no log-in without a password, AUTH by the password alone without a user
   * name.
   */
  public record Backend(
      Duration connectTimeout,
      Duration replyTimeout,
      Duration reconnectMin,
      Duration reconnectMax,
      int queueCommands,
      long queueBytes,
      Duration queueTimeout,
      Large large,
      String username,
      Secret password,
      int databases,
      int markerDatabase,
      long scriptCache) {}

  /** Requests and replies of so many bytes or more, and the connections that keep others going. */
  public record Large(long from, int connections, Duration idle) {}

  /** How nodes are watched. */
  public record Probe(Duration interval, Duration timeout) {}

  /** How leaders and replicas are compared. */
  public record Verify(int keysPerSecond) {}

  /** How the proxy stops: how long running commands may take. */
  public record Shutdown(Duration drain) {}

  /** How the proxy presents itself. */
  public record Server(String announcedVersion) {}

  /** How slots are placed: points on the ring for each unit of weight. */
  public record Ring(int virtualNodes) {}

  /**
   * The levels of requests that ask for no others; how old a replica may be that is read from; how
   * long a write may wait, once for the replicas, and in all.
   */
  public record Consistency(
      ReadLevel read,
      WriteLevel write,
      Duration staleness,
      Duration replicaWait,
      Duration deadline,
      UntestedVersions untestedVersions) {}

  /** What becomes of writes above level {@code async} on servers that were never tried. */
  public enum UntestedVersions {
    /** They are refused. */
    REFUSE,
    /** They are made. */
    ALLOW
  }

  /** A group of nodes that hold the same data. */
  public record Shard(String id, int weight, Address leader, List<Address> replicas) {
    /** Copies the list. */
    public Shard {
      replicas = List.copyOf(replicas);
    }
  }

  /** Keys that begin with the prefix, over the shards with these ids; no id means all shards. */
  public record Keyspace(
      String name,
      String prefix,
      Policy policy,
      List<String> shards,
      ReadLevel read,
      WriteLevel write) {
    /** Copies the list. */
    public Keyspace {
      shards = List.copyOf(shards);
    }
  }

  /** How the nodes of a shard hold one value. */
  public enum Policy {
    /** One leader, the others replicate it. */
    LEADER
  }

  /** A coordinator by its name, and where the others reach it. */
  public record Peer(String id, Address address) {}

  /** PEM files for mutual TLS; none, or all three. */
  public record CoordinatorTls(String certificate, String key, String trust) {
    /** Whether there are any. */
    public boolean enabled() {
      return !certificate.isEmpty();
    }
  }

  /** For how long a leader refuses connections or is silent before it has failed. */
  public record LeaderFailure(Duration refused, Duration silent) {}

  /** The part in the config group; none without an id. */
  public record Coordinator(
      String id,
      Optional<Address> listen,
      String bind,
      List<Peer> peers,
      String dir,
      Duration timeout,
      Duration startTimeout,
      Duration electionTimeout,
      int snapshotEntries,
      Duration heartbeat,
      Duration lease,
      LeaderFailure failure,
      Duration queueTimeout,
      Duration outOfSyncAfter,
      UncleanLeader uncleanLeader,
      boolean fence,
      boolean adopt,
      Secret secret,
      CoordinatorTls tls) {
    /** Copies the list. */
    public Coordinator {
      peers = List.copyOf(peers);
    }

    /** Whether the topology comes from a config group; else it is the one that is configured. */
    public boolean enabled() {
      return !id.isEmpty();
    }

    /**
     * How long a shard has no leader, at most, when its leader and the controller are lost at once
     * and all else is well: somebody has to be elected, to find that the leader has failed, and to
     * wait for the lease of the coordinator that is gone.
     */
    public Duration longestFailover() {
      return electionTimeout.multipliedBy(2).plus(failure.silent()).plus(lease);
    }
  }

  /** The servers of a demo: path or name of the server program, empty to look for one. */
  public record Demo(String server) {}
}
