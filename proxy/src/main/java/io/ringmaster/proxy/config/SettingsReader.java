package io.ringmaster.proxy.config;

import com.typesafe.config.ConfigObject;
import io.ringmaster.cluster.topology.ReadLevel;
import io.ringmaster.cluster.topology.WriteLevel;
import io.ringmaster.protocol.command.CommandSpec;
import io.ringmaster.protocol.command.CommandTable;
import io.ringmaster.proxy.config.Settings.Auth;
import io.ringmaster.proxy.config.Settings.Backend;
import io.ringmaster.proxy.config.Settings.Consistency;
import io.ringmaster.proxy.config.Settings.Coordinator;
import io.ringmaster.proxy.config.Settings.Demo;
import io.ringmaster.proxy.config.Settings.Http;
import io.ringmaster.proxy.config.Settings.Keyspace;
import io.ringmaster.proxy.config.Settings.Large;
import io.ringmaster.proxy.config.Settings.Limits;
import io.ringmaster.proxy.config.Settings.Listen;
import io.ringmaster.proxy.config.Settings.Policy;
import io.ringmaster.proxy.config.Settings.Probe;
import io.ringmaster.proxy.config.Settings.Ready;
import io.ringmaster.proxy.config.Settings.ReadyWhen;
import io.ringmaster.proxy.config.Settings.Ring;
import io.ringmaster.proxy.config.Settings.Server;
import io.ringmaster.proxy.config.Settings.Shard;
import io.ringmaster.proxy.config.Settings.Shutdown;
import io.ringmaster.proxy.config.Settings.Transport;
import io.ringmaster.proxy.config.Settings.Unauthenticated;
import io.ringmaster.proxy.config.Settings.UntestedVersions;
import io.ringmaster.proxy.config.Settings.User;
import io.ringmaster.proxy.config.Settings.Verify;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * The rules: which keys there are, of which type, in which range, and what must hold between them.
 * Defaults are not here but in {@code reference.conf}, which lies under every configuration that is
 * read.
 */
final class SettingsReader {
  static final Pattern NAME = Pattern.compile("[A-Za-z0-9._-]{1,64}");
  private static final Pattern DIGEST = Pattern.compile("[0-9A-Fa-f]{64}");
  private static final Pattern VERSION = Pattern.compile("\\d{1,4}\\.\\d{1,4}\\.\\d{1,4}");
  static final String NAME_FORM = "1 to 64 letters, digits, '-', '_', '.'";

  private final List<Problem> problems;

  SettingsReader(List<Problem> problems) {
    this.problems = problems;
  }

  /** Reads everything, noting each problem; with a problem noted the result is not to be used. */
  Settings read(ConfigObject content) {
    try (Section root = new Section("", content, problems)) {
      Listen listen = listen(root.section("listen"));
      Http http = http(root.section("http"), listen);
      Auth auth = auth(root.section("auth"));
      Limits limits = limits(root.section("limits"));
      Backend backend = backend(root.section("backend"));
      Probe probe = probe(root.section("probe"));
      Verify verify = verify(root.section("verify"));
      Shutdown shutdown = shutdown(root.section("shutdown"));
      Server server = server(root.section("server"));
      Ring ring = ring(root.section("ring"));
      Consistency consistency = consistency(root.section("consistency"));
      List<Shard> shards = shards(root.sections("shards"));
      List<Keyspace> keyspaces = keyspaces(root.sections("keyspaces"), shards, consistency);
      Coordinator coordinator = CoordinatorReader.read(root.section("coordinator"));
      Demo demo = demo(root.section("demo"));
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
          shards,
          keyspaces,
          coordinator,
          demo);
    }
  }

  private static Listen listen(Section section) {
    try (section) {
      int threads = section.integer("threads", 0, 1024);
      return new Listen(
          host(section),
          section.integer("port", 0, 65535),
          threads == 0 ? Runtime.getRuntime().availableProcessors() : threads,
          section.flag("protected-mode"),
          section.choice("transport", Transport.class),
          section.integer("backlog", 1, 65535),
          section.duration("tcp-keepalive", "1s", "1d", true));
    }
  }

  private static Http http(Section section, Listen listen) {
    try (section) {
      Http http =
          new Http(
              host(section),
              section.integer("port", -1, 65535),
              new Ready(
                  section.choice("ready-when", ReadyWhen.class),
                  section.texts("ready-shards", NAME_FORM, NAME.asMatchPredicate())),
              section.duration("stall-limit", "1s", "10m", false));
      if (http.port() > 0 && http.port() == listen.port() && http.host().equals(listen.host())) {
        section.conflict("port", http.port() + " is already listen.port", "another port, 0 or -1");
      }
      return http;
    }
  }

  private static String host(Section section) {
    String text =
        section.text("host", "a host name or an IP address", any -> Address.host(any).isPresent());
    return Address.host(text).orElse(text);
  }

  private static Auth auth(Section section) {
    try (section) {
      List<User> users = new ArrayList<>();
      Set<String> names = new HashSet<>();
      for (Section entry : section.sections("users")) {
        users.add(user(entry, names));
      }
      return new Auth(users, adminCommands(section));
    }
  }

  private static User user(Section section, Set<String> names) {
    try (section) {
      String name = section.text("name", NAME_FORM, NAME.asMatchPredicate());
      if (!name.isEmpty() && !names.add(name)) {
        section.conflict("name", "user " + name + " stands there twice", "each user once");
      }
      return new User(name, digests(section), section.flag("admin", false));
    }
  }

  private static Set<String> adminCommands(Section section) {
    String allowed = "a command, as flushall or script|flush";
    List<String> names = section.texts("admin-commands", allowed, text -> !text.isEmpty());
    if (names.isEmpty()) {
      return Set.of();
    }
    CommandTable table = CommandTable.load();
    Set<String> known = new HashSet<>();
    for (String name : names) {
      CommandSpec command = table.find(name);
      if (command == null) {
        section.conflict("admin-commands", "there is no command " + name, allowed);
      } else {
        known.add(command.name());
      }
    }
    return known;
  }

  private static List<String> digests(Section section) {
    List<Secret> found = section.secrets("password-sha256");
    if (found.isEmpty()) {
      section.conflict("password-sha256", "no password", "one or more texts of 64 hex digits");
    }
    // The value may be a password that was put here by mistake, so it is not shown.
    if (!found.stream().allMatch(digest -> DIGEST.matcher(digest.text()).matches())) {
      section.conflict("password-sha256", "not a SHA-256 digest", "texts of 64 hex digits");
    }
    return found.stream().map(digest -> digest.text().toLowerCase(Locale.ROOT)).toList();
  }

  private static Limits limits(Section section) {
    try (section) {
      return new Limits(
          section.integer("max-clients", 1, 1_000_000),
          section.integer("commands-in-flight", 1, 1_000_000),
          section.size("bytes-in-flight", "1k", "1g"),
          section.size("unread-output", "64k", "64g", false),
          section.duration("unread-time", "100ms", "1h", false),
          section.size("memory", "16m", "1024g", true),
          section.size("max-bulk", "1k", "1g"),
          section.integer("max-arguments", 16, 16_777_216),
          section.size("max-request", "1k", "2047m"),
          section.size("max-inline", "1k", "64k"),
          section.duration("idle-timeout", "1ms", "30d", true),
          section.duration("authentication-timeout", "100ms", "10m", false),
          section.duration("request-timeout", "1s", "1h", false),
          unauthenticated(section.section("unauthenticated")));
    }
  }

  private static Unauthenticated unauthenticated(Section section) {
    try (section) {
      return new Unauthenticated(
          section.integer("max-arguments", 2, 1024),
          section.size("max-bulk", "64", "1m"),
          section.size("max-output", "128", "1m"));
    }
  }

  private static Backend backend(Section section) {
    try (section) {
      Backend backend =
          new Backend(
              section.duration("connect-timeout", "10ms", "1m", false),
              section.duration("reply-timeout", "10ms", "1h", false),
              section.duration("reconnect-min", "1ms", "1m", false),
              section.duration("reconnect-max", "1ms", "10m", false),
              section.integer("queue-commands", 1, 10_000_000),
              section.size("queue-bytes", "64k", "16g", false),
              section.duration("queue-timeout", "1ms", "10m", true),
              large(section.section("large")),
              section.text("username", "a text", any -> true),
              section.secret("password"),
              section.integer("databases", 1, 1024),
              section.integer("marker-database", 0, 1024),
              section.size("script-cache", "0", "1g", true));
      if (backend.reconnectMin().compareTo(backend.reconnectMax()) > 0) {
        section.conflict("reconnect-max", "less than reconnect-min", "reconnect-min or more");
      }
      if (!backend.username().isEmpty() && backend.password().isEmpty()) {
        section.conflict("username", "a user without a password", "empty, or set password too");
      }
      return backend;
    }
  }

  private static Large large(Section section) {
    try (section) {
      return new Large(
          section.size("from", "64k", "1g", false),
          section.integer("connections", 1, 64),
          section.duration("idle", "100ms", "1h", false));
    }
  }

  private static Probe probe(Section section) {
    try (section) {
      return new Probe(
          section.duration("interval", "10ms", "10m", false),
          section.duration("timeout", "10ms", "1m", false));
    }
  }

  private static Verify verify(Section section) {
    try (section) {
      return new Verify(section.integer("keys-per-second", 1, 10_000_000));
    }
  }

  private static Shutdown shutdown(Section section) {
    try (section) {
      return new Shutdown(section.duration("drain", "1ms", "10m", true));
    }
  }

  private static Server server(Section section) {
    try (section) {
      return new Server(
          section.text(
              "announced-version", "three numbers, \"7.0.15\"", VERSION.asMatchPredicate()));
    }
  }

  private static Ring ring(Section section) {
    try (section) {
      return new Ring(section.integer("virtual-nodes", 1, 10_000));
    }
  }

  private static Consistency consistency(Section section) {
    try (section) {
      return new Consistency(
          section.choice("read", ReadLevel.class),
          section.choice("write", WriteLevel.class),
          section.duration("staleness", "100ms", "1h", false),
          section.duration("replica-wait", "1ms", "10s", false),
          section.duration("deadline", "10ms", "10m", false),
          section.choice("untested-versions", UntestedVersions.class));
    }
  }

  private static Demo demo(Section section) {
    try (section) {
      return new Demo(section.text("server", "a path or the name of a program", any -> true));
    }
  }

  private static List<Shard> shards(List<Section> sections) {
    List<Shard> shards = new ArrayList<>();
    Set<String> ids = new HashSet<>();
    Set<Address> nodes = new HashSet<>();
    for (Section section : sections) {
      try (section) {
        String id = section.text("id", NAME_FORM, NAME.asMatchPredicate());
        if (!id.isEmpty() && !ids.add(id)) {
          section.conflict("id", "shard " + id + " stands there twice", "each id once");
        }
        int weight = section.integer("weight", 1, 1000, 1);
        List<Address> replicas = section.addresses("replicas");
        section
            .address("leader")
            .ifPresent(
                leader -> {
                  noteDuplicate(section, "leader", leader, nodes);
                  shards.add(new Shard(id, weight, leader, replicas));
                });
        replicas.forEach(replica -> noteDuplicate(section, "replicas", replica, nodes));
      }
    }
    return shards;
  }

  private static void noteDuplicate(Section section, String key, Address node, Set<Address> seen) {
    if (!seen.add(node)) {
      section.conflict(key, "node " + node + " stands there twice", "each node once, in one shard");
    }
  }

  private static List<Keyspace> keyspaces(
      List<Section> sections, List<Shard> shards, Consistency usual) {
    List<Keyspace> keyspaces = new ArrayList<>();
    Set<String> names = new HashSet<>(Set.of("default"));
    Set<String> prefixes = new HashSet<>();
    List<String> ids = shards.stream().map(Shard::id).toList();
    for (Section section : sections) {
      try (section) {
        keyspaces.add(keyspace(section, names, prefixes, ids, usual));
      }
    }
    return keyspaces;
  }

  private static Keyspace keyspace(
      Section section,
      Set<String> names,
      Set<String> prefixes,
      List<String> ids,
      Consistency usual) {
    String name = section.text("name", NAME_FORM, NAME.asMatchPredicate());
    if (!name.isEmpty() && !names.add(name)) {
      section.conflict(
          "name", "keyspace " + name + " stands there twice", "each name once, not \"default\"");
    }
    String prefix = section.text("prefix", "a text that is not empty", text -> !text.isEmpty());
    if (!prefix.isEmpty() && !prefixes.add(prefix)) {
      section.conflict("prefix", "\"" + prefix + "\" stands there twice", "each prefix once");
    }
    Policy policy = section.choice("policy", Policy.class);
    List<String> members =
        section.texts("shards", "the id of a shard: " + String.join(", ", ids), ids::contains);
    ReadLevel read = section.choice("read", ReadLevel.class, usual.read());
    WriteLevel write = section.choice("write", WriteLevel.class, usual.write());
    return new Keyspace(name, prefix, policy, members, read, write);
  }
}
