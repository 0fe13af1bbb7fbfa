#!/usr/bin/env python3
"""Random faults under checked load: nothing acknowledged may be lost, no reply may be another's.

One shard of three servers that keep nothing on disk, and three coordinators. Writers write each key
once, through all coordinators, in three databases, over RESP2 and RESP3, with failing requests,
scripts and reads in the same pipelines; registers are raised by one writer each and read at level
linearizable through another coordinator; a database of its own is flushed; values of 50 MB are read
back in full. Faults come one after the other, as a seed says, some while replication lags; after
each the cluster has to come back by itself. At the end every acknowledged key is looked for.

With `--set consistency.write=async --faults leader-killed-ahead` it has to find lost writes.
"""

import collections
import random
import signal
import threading
import time

from clients import PIPELINE, Tally, all_loads, now
from cluster import IDS, TROUBLE, Cluster
from lab import OUT, Lab, entry, note, parse, parser, percentile, table, write
from resp import Client

# One waits for slow replicas longer than they lag; for the others what is written then is uncertain.
SETTINGS = {"c3": ["consistency.deadline=10s"]}
SERVED = 60


def main():
    arguments = parser(__doc__)
    arguments.add_argument("--minutes", type=float, default=5.0)
    arguments.add_argument("--rate", type=int, default=2000, help="writes a second, default 2000")
    arguments.add_argument(
        "--lag", default="0,0,0,0.3,0.3,3", help="one of them for each fault, s; default %(default)s"
    )
    arguments.add_argument("--seed", type=int, default=random.randrange(1_000_000))
    arguments.add_argument("--faults", default=",".join(FAULTS), help="default: %(default)s")
    options = parse(arguments)
    note(f"seed {options.seed}")
    with Lab(options) as lab:
        fine = False
        try:
            report = Soak(Cluster(lab, options, relayed=True, settings=SETTINGS), options).run()
            fine = not any(bad in report for bad in ("LOST", "WRONG", "NOT SERVED"))
        finally:
            if not fine:
                lab.keep_logs(OUT / f"soak-{options.seed}")
    write("soak.md", report)
    print(report)
    if not fine:
        raise SystemExit(1)


class Soak:
    """Faults, the load beneath them, and what came of it."""

    def __init__(self, cluster, options):
        self.cluster = cluster
        self.options = options
        self.random = random.Random(options.seed)
        self.lags = [float(lag) for lag in options.lag.split(",")]
        self.faults = collections.defaultdict(list)
        self.unserved = 0
        self.calm = threading.Event()
        self.calm.set()

    def run(self):
        self.cluster.await_whole()
        tally = Tally(self.calm)
        # A server that comes back empty has to copy all that was ever written.
        pause = PIPELINE * len(IDS) / self.options.rate
        loads = all_loads(self.cluster, tally, pause)
        first = self.cluster.failovers()
        end = time.monotonic() + 60 * self.options.minutes
        while time.monotonic() < end:
            fault = self.random.choice(self.options.faults.split(","))
            self.disturb(fault, self.random.choice(self.lags), tally)
        self.cluster.await_whole()
        epochs = self.cluster.failovers() - first
        for load in loads:
            load.finish()
        lost = sum(load.lost() for load in loads)
        big = sum(getattr(load, "compared", 0) for load in loads)
        return self.describe(tally, epochs, lost, big)

    def disturb(self, fault, lag, tally):
        note(f"{now()} {fault}, lag {lag:g} s, {self.cluster.failovers()} epochs")
        self.calm.clear()
        self.lag(lag, tally)
        if lag:
            time.sleep(lag + self.random.uniform(0, 1))
        FAULTS[fault](self.cluster, self.random)
        begun = time.monotonic()
        if lag:
            # Nobody is in step with such a leader for long: it serves, and more is not waited for.
            if not self.cluster.is_served_within(SERVED):
                note(f"{now()} NOT SERVED within {SERVED} s at a lag of {lag:g} s")
                self.unserved += 1
            time.sleep(lag)
            self.lag(0, tally)
        self.cluster.await_whole()
        self.faults[fault].append(time.monotonic() - begun)
        self.calm.set()
        time.sleep(self.random.uniform(0.2, 1.0))

    def lag(self, seconds, tally):
        self.cluster.lag(seconds)
        tally.lag = seconds

    def describe(self, tally, epochs, lost, big):
        rows = [
            [fault, len(taken), percentile(taken, 0.5), max(taken)]
            for fault, taken in sorted(self.faults.items())
        ]
        waits = [
            [f"{lag:g} s", len(w)] + [percentile(w, share) for share in (0.5, 0.99, 0.999, 1)]
            for lag, w in sorted(tally.waits.items())
        ]
        times = sum(map(len, self.faults.values()))
        calm = tally.calm_good / max(1, tally.calm_good + tally.calm_bad)
        everything = max(1, tally.good + tally.uncertain + tally.refused + tally.broken)
        return (
            table(["fault", "times", "whole again after s, median", "worst"], rows)
            + "\n"
            + table(["lag", "pipelines", "waited s, median", "99 %", "99.9 %", "worst"], waits)
            + f"\nseed {self.options.seed}, {self.options.minutes:g} minutes, {times} faults,"
            + f" {epochs} epochs\n"
            + f"{tally.good} acknowledged writes, {lost} {'LOST' if lost else 'lost'}\n"
            + f"{tally.reads} linearizable reads, {tally.compared} other replies compared,"
            + f" {tally.wrong} {'WRONG' if tally.wrong else 'wrong'}\n"
            + f"{big} values of 50 MB read back\n"
            + f"{self.unserved} times {'NOT SERVED' if self.unserved else 'not served'}"
            + f" within {SERVED} s while replication lagged\n"
            + f"uncertain {100 * tally.uncertain / everything:.2f} %, refused"
            + f" {100 * tally.refused / everything:.2f} %, connection lost"
            + f" {100 * tally.broken / everything:.2f} %\n"
            + f"outside of faults {100 * calm:.2f} % acknowledged\n"
        )


# ---------------------------------------------------------------- faults


def kill(victims):
    """Killed, and back after a while, empty."""

    def fault(cluster, rng):
        gone = victims(cluster, rng)
        for server in gone:
            cluster.kill(server)
        time.sleep(rng.uniform(0.5, 3))
        for server in gone:
            cluster.start_again(server)

    return fault


def rebirth(cluster, rng):
    """The leader is back, empty, before anybody may have noticed."""
    leader = cluster.leader()
    cluster.kill(leader)
    cluster.start_again(leader)


def stop(victims, least, most):
    """Stopped for a while; what was sent to them meanwhile they get afterwards."""

    def fault(cluster, rng):
        still = victims(cluster, rng)
        for server in still:
            cluster.signal(server, signal.SIGSTOP)
        time.sleep(rng.uniform(least, most))
        for server in still:
            cluster.signal(server, signal.SIGCONT)

    return fault


def killed_ahead(cluster, rng):
    """The leader is killed while its replicas are behind: what they lack must not have been told."""
    ahead, behind = cluster.leader(), cluster.replicas()
    for server in behind:
        cluster.signal(server, signal.SIGSTOP)
    time.sleep(rng.uniform(0.1, 1))
    cluster.kill(ahead)
    for server in behind:
        cluster.signal(server, signal.SIGCONT)
    time.sleep(rng.uniform(0, 2))
    cluster.start_again(ahead)


def cut(kind):
    """The leader loses connections, all of one kind at once, three times."""

    def fault(cluster, rng):
        for _ in range(3):
            with Client(cluster.leader(), timeout=2) as client:
                client.call("CLIENT", "KILL", "TYPE", kind)
            time.sleep(rng.uniform(0, 0.3))

    return fault


def hand_over(cluster, rng):
    """An operator asks for another leader, three times; that may be refused."""
    shard = cluster.ask("CLUSTER.SHARDMAP")["shards"][0]["id"]
    for _ in range(3):
        with Client(rng.choice(list(cluster.coordinators.values())), timeout=20) as client:
            try:
                client.call("CLUSTER.FAILOVER", shard)
            except TROUBLE as refused:
                note(f"not handed over: {refused}")
        time.sleep(rng.uniform(0, 1))


def removed(meanwhile=None):
    """A coordinator is removed, and after a while it is started anew and added again."""

    def fault(cluster, rng):
        name = rng.choice(IDS)
        cluster.remove(name)
        time.sleep(rng.uniform(0, 2))
        if meanwhile:
            meanwhile(cluster, rng)
        cluster.add_again(name)

    return fault


def leader(cluster, rng):
    return [cluster.leader()]


def replica(cluster, rng):
    return [rng.choice(cluster.replicas())]


def both_replicas(cluster, rng):
    return cluster.replicas()


def leader_and_replica(cluster, rng):
    return leader(cluster, rng) + replica(cluster, rng)


def coordinator(cluster, rng):
    return [rng.choice(list(cluster.coordinators.values()))]


def group_leader(cluster, rng):
    return [cluster.group_leader()]


def both_leaders(cluster, rng):
    return leader(cluster, rng) + group_leader(cluster, rng)


def all_coordinators(cluster, rng):
    return list(cluster.coordinators.values())


FAULTS = {
    "leader-killed": kill(leader),
    "leader-reborn": rebirth,
    "leader-killed-ahead": killed_ahead,
    "leader-stopped": stop(leader, 2.5, 6),
    "leader-stalled": stop(leader, 0.05, 1.5),
    "replica-killed": kill(replica),
    "replica-stopped": stop(replica, 0.5, 5),
    "replicas-stopped": stop(both_replicas, 0.5, 4),
    "two-stopped": stop(leader_and_replica, 0.5, 6),
    "coordinator-killed": kill(coordinator),
    "coordinator-stopped": stop(coordinator, 0.5, 5),
    "group-leader-killed": kill(group_leader),
    "both-leaders-killed": kill(both_leaders),
    "both-leaders-stopped": stop(both_leaders, 2.5, 6),
    "coordinators-stopped": stop(all_coordinators, 0.5, 5),
    "replication-cut": cut("replica"),
    "connections-cut": cut("normal"),
    "handed-over": hand_over,
    "coordinator-removed": removed(),
    "coordinator-removed-leader-killed": removed(kill(leader)),
    "coordinator-removed-handed-over": removed(hand_over),
}


if __name__ == "__main__":
    entry(main)
