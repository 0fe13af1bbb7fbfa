package io.ringmaster.protocol.command;

import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** The page {@code docs/commands.md}, made from the table. */
final class CommandDocs {

  private static final String HEAD =
      """
      # Commands

      How each command of Redis is treated. This page is made from the command table
      (`protocol/src/main/resources/io/ringmaster/protocol/command/commands.csv`); change that file, then
      run `mvn test -pl protocol -Dtest=CommandDocsTest -Dupdate=true`.

      | treatment | meaning |
      |---|---|
      | routed | sent to the shard that holds its keys; keys on different shards get `CROSSSLOT`; without keys, sent to any shard |
      | split | split by key, sent to the shards concerned, replies merged |
      | broadcast | sent to all shards, replies merged |
      | local | answered by the proxy itself |
      | dedicated | needs a backend connection that serves this client only |
      | refused | answered with an error that says why |

      The table holds the values of Redis 7.0; `since` tells which commands need a newer server. A test
      compares it with `COMMAND` and `COMMAND GETKEYS` of the `redis-server` on PATH.

      ## Who may send them

      Where users are configured (`auth.users`), a client has to log in; `AUTH`, `HELLO`, `RESET` and `QUIT` are for everybody.
      Commands with the remark *administrators* need a user with `admin = true`. Those are the ones that Redis flags `admin`,
      `CLIENT LIST`, `CLIENT KILL` and `CONFIG GET` among them, and of the proxy's own the ones that change something or cost the
      servers much. Those that only tell are for every user. `auth.admin-commands` adds others, as `flushall`. Who is no
      administrator gets the answer of Redis, `-NOPERM this user has no permissions to run the 'cluster.failover' command`.
      Without users everybody may do everything.

      ## Where replies differ from those of one server

      A seeded random sequence over every command that is sent to servers (`DifferentialTest`) is
      answered byte for byte as one plain server answers it, but for:

      1. Keys of one command on different shards: `CROSSSLOT`, except for the split commands. Hash tags
         (`{...}`) put keys together.
      2. `SORT` with a pattern after `BY` or `GET` (not `nosort`, not `#`): `CROSSSLOT`, as the keys that
         it reads are not known beforehand.
      3. Blocking forms and other refused commands: an error with the reason.
      4. A script or function sees the keys of its shard only; one without keys runs on the first shard.
      5. `SCAN`, `HSCAN`, `SSCAN`, `ZSCAN`: the cursor is another number ([below](#cursors)). `SCAN` walks through
         one shard after the other, and `COUNT` holds for each in turn.
      6. `KEYS`, `RANDOMKEY`, and members of hash tables: in an order that differs between any two servers.
      7. Times to live, idle times and the ids of `XADD key *`: from each server's own clock.
      8. A request that is wrong in two ways may be told the other mistake: the number of arguments is
         checked before it is known whether a server has the command, and `CROSSSLOT` before options.
      9. A write to several shards that did not reach all of them: `UNCERTAIN`, with the shards named.
      10. `CONFIG GET`: the parameters of the first shard's leader, as the probes have last found them
         (`probe.interval`); those about clients and connections are the proxy's own, as `databases`,
         `maxclients`, `timeout`, and passwords are empty. `INFO` adds the servers' numbers up.

      ## Cursors

      A server's cursor means nothing to any other server, nor to itself once it was restarted: each arranges its
      hash tables in an order of its own. So `SCAN`, `HSCAN`, `SSCAN` and `ZSCAN` ask the leader at every level of
      reads, and their cursors tell who gave them: the server's own cursor, then 9 bits that say which leader it
      is of, then, for `SCAN`, the shard in 6 bits (10 from 65 shards on, 14 from 1025 on). Where the shard has
      another leader meanwhile, the walk through the shard, or key, begins anew within the same call. So a walk over
      a failover or hand-over may show something twice, and shows everything that is there all the time. What tells
      leaders apart is the epoch of the shard. Without a config group it is a hash of the server's `run_id`: one
      restart in 512 is not noticed.

      The numbers stay below 10^14 with up to 64 shards of 2^30 keys, and below 2^53 with 1024, for clients that keep
      them as doubles or print 14 digits. A server's cursor for which there is no room is an error.

      ## Scripts

      Scripts that were shown to a proxy, by `SCRIPT LOAD` or `EVAL`, are remembered there (`backend.script-cache`), and loaded
      into a leader before they are first called by their digest over a connection. A connection ends with the
      epoch of its shard and with the run of its server, so `EVALSHA` finds its script after a failover, a hand-over and a
      restart, in a pipeline too. If `SCRIPT LOAD` fails meanwhile, `EVALSHA` is told why. `SCRIPT EXISTS` tells what `EVALSHA`
      would find on every shard. At levels of reads where a replica may answer, `EVALSHA_RO` is sent as `EVAL_RO` with the script.

      `NOSCRIPT` is still possible for what was shown before, where a server loses scripts while it runs:

      - Somebody flushes them past this proxy: at the server, or through another coordinator. `SCRIPT EXISTS` does not notice.
      - Redis from 7.4 on keeps only 500 of those that it first saw by `EVAL`, even if they are loaded later (Valkey
        keeps what is loaded). So a script is loaded again after 250 `EVAL`s in which it was not called; those
        of other coordinators' clients are not counted.

      Then all scripts are loaded again from then on. The client is told, and calls `EVAL`, as client libraries do: a script may
      answer the same words after it has written, so a call that may write is never made twice. `EVALSHA_RO` is, with the script,
      unless the client has sent something behind it.

      Other coordinators have not seen the script. What `SCRIPT LOAD` has loaded they find all the same, as it is
      sent to replicas too; but not on a server that was restarted, added, or not reached at that time. What was only
      evaluated they find until the shard has another leader.

      ## Commands of the proxy itself

      `KV.VERSION key` answers epoch and number of the position marker of the key's shard, asked of its leader, or
      a null array if there is none: see [consistency](consistency.md). Every write that was acknowledged at
      `quorum` or `all` before is covered by it.

      `KV.HEALTH [shard]` answers what the probes know of each server; with a last argument `JSON`, as JSON. What
      is not known is empty or -1.

      | field | meaning |
      |---|---|
      | `marker-epoch`, `marker-number` | where its position marker stands; epoch 0 if it has none. A replica that has lost its leader and does not serve stale data does not tell |
      | `lag-bytes` | what it lacks of its leader's replication stream; known only while both are in the same stream |
      | `lag-markers` | barriers that it lacks; known only in the same epoch |
      | `in-sync` | it belongs to the in-sync set: the last probe found it up, it has lost nothing, and it is the leader and a master, or a replica whose link is up and who had, at its last probe, all that its leader had at the probe before the leader's last: in the same stream, offset and marker not behind, the marker's epoch equal |
      | `lost-data` | it was restarted since this proxy first saw it, and may have forgotten what it had acknowledged. Ends when a replica is in step with a leader that is not lostData. Not so where every write is synced (`appendonly yes`, `appendfsync always`, `no-appendfsync-on-rewrite no`) and the marker did not go back |
      | `mismatch` | how role or version differ from what is configured |
      | `unfit` | why its shard can promise nothing above level `async` |
      | `warning` | what is unwise in its configuration, but breaks no promise |
      | `leadership` | of a shard: `new`, `fenced`, `forced`, `promoted`, `serving`, `paused` or `stopped`, in `epoch`; see [fencing](fencing.md) |
      | `waits-for` | what a shard lacks, as the controller finds; all coordinators tell it |
      | `lease-held` | whether this coordinator may answer reads at level `leader` without a barrier |
      | `published-epochs` | the topology that each coordinator has told that it has |

      Leader and replica are probed at different moments (`probe.interval`), so lag is right but for what was
      written in between.

      `KV.VERIFY [SHARD id] [AGAIN | STOP]` compares what the replicas of a shard, or of all shards, hold with what
      their leaders hold, in the background of the coordinator that is asked, and answers at once how far it is; with a last
      argument `JSON`, as JSON. The first one begins; later ones tell the progress, and what was found once it has ended.
      `AGAIN` begins anew where it has ended, `STOP` ends it. [Operations](operations.md#comparing-leaders-and-replicas)
      tells what is compared.

      | field | meaning |
      |---|---|
      | `state` | of a shard and of each replica: `running`, `finished`, `stopped` or `failed` with a `reason` |
      | `since`, `milliseconds` | when it began, and how long it took, or has taken so far |
      | `keys`, `keys-at-start` | of the leader: looked at so far, and how many there were; of a replica: compared so far |
      | `own-keys` | keys of a replica that its leader was asked for, in a second pass |
      | `differences` | keys of which a replica holds something else than its leader |
      | `undecided` | keys that were changed so often that nothing can be said |
      | `first` | up to ten keys that differ: `missing` on the replica, `extra` there, in `type`, `value` or `ttl` |
      """;

  private CommandDocs() {}

  static String page(CommandTable table) {
    Map<String, List<CommandSpec>> byGroup =
        table.all().stream()
            .filter(spec -> !spec.hasSubcommands())
            .collect(Collectors.groupingBy(CommandSpec::group, TreeMap::new, Collectors.toList()));
    StringBuilder page = new StringBuilder(HEAD);
    page.append('\n').append(summary(table));
    byGroup.forEach((group, specs) -> page.append(section(group, specs)));
    return page.toString();
  }

  private static String summary(CommandTable table) {
    Map<Treatment, Long> counts =
        table.all().stream()
            .filter(spec -> !spec.hasSubcommands())
            .collect(
                Collectors.groupingBy(CommandSpec::treatment, TreeMap::new, Collectors.counting()));
    return counts.entrySet().stream()
        .map(entry -> entry.getValue() + " " + lower(entry.getKey()))
        .collect(Collectors.joining(", ", "In numbers: ", ".\n"));
  }

  private static String section(String group, List<CommandSpec> specs) {
    StringBuilder section = new StringBuilder("\n## " + group + "\n\n");
    section.append("| command | treatment | since | remark |\n|---|---|---|---|\n");
    specs.stream()
        .sorted(Comparator.comparing(CommandSpec::name))
        .forEach(spec -> section.append(line(spec)));
    return section.toString();
  }

  private static String line(CommandSpec spec) {
    String name = spec.name().replace('|', ' ').toUpperCase(Locale.ROOT);
    return "| `%s` | %s | %s | %s |\n"
        .formatted(name, lower(spec.treatment()), spec.since(), remark(spec));
  }

  private static String remark(CommandSpec spec) {
    if (spec.access() == Access.ADMINISTRATOR && spec.reason().isEmpty()) {
      return "administrators";
    }
    boolean served = spec.treatment() == Treatment.ROUTED;
    return served && !spec.reason().isEmpty() ? "blocking form: " + spec.reason() : spec.reason();
  }

  private static String lower(Treatment treatment) {
    return treatment.name().toLowerCase(Locale.ROOT);
  }
}
