#!/usr/bin/env python3
"""Random faults under checked load: nothing that was acknowledged may be lost.

One shard of three servers that keep nothing on disk, and three coordinators. Writers write each key
once, through all coordinators; registers are raised by one writer each and read at level
linearizable through another coordinator. Faults come one after the other, as a seed says; after
each the cluster has to come back by itself. At the end every acknowledged key is looked for.

With `--set consistency.write=async --faults leader-killed-ahead` it has to find lost writes.
"""

import collections
import random
import signal
import threading
import time

from clients import PIPELINE, Register, Tally, Writer
from cluster import IDS, Cluster
from lab import Lab, entry, note, parse, parser, table, write
from resp import Client, ReplyError


def main():
    arguments = parser(__doc__)
    arguments.add_argument("--minutes", type=float, default=5.0)
    arguments.add_argument("--rate", type=int, default=2000, help="writes a second, default 2000")
    arguments.add_argument("--seed", type=int, default=random.randrange(1_000_000))
    arguments.add_argument("--faults", default=",".join(FAULTS), help="default: %(default)s")
    options = parse(arguments)
    note(f"seed {options.seed}")
    with Lab(options) as lab:
        report = Soak(Cluster(lab, options), options).run()
    write("soak.md", report)
    print(report)
    if "LOST" in report or "WRONG" in report:
        raise SystemExit(1)


class Soak:
    """Faults, the load beneath them, and what came of it."""

    def __init__(self, cluster, options):
        self.cluster = cluster
        self.options = options
        self.random = random.Random(options.seed)
        self.faults = collections.Counter()
        self.calm = threading.Event()
        self.calm.set()

    def run(self):
        self.cluster.await_whole()
        tally = Tally(self.calm)
        # A server that comes back empty has to copy all that was ever written.
        pause = PIPELINE * len(IDS) / self.options.rate
        loads = [Writer(self.cluster, name, tally, pause) for name in IDS]
        loads += [Register(self.cluster, *pair, tally) for pair in zip(IDS, IDS[1:] + IDS[:1])]
        first = self.cluster.failovers()
        end = time.monotonic() + 60 * self.options.minutes
        while time.monotonic() < end:
            self.disturb(self.random.choice(self.options.faults.split(",")))
        self.cluster.await_whole()
        epochs = self.cluster.failovers() - first
        for load in loads:
            load.finish()
        lost = sum(load.lost() for load in loads)
        return self.describe(tally, epochs, lost)

    def disturb(self, fault):
        note(f"{fault}, {self.cluster.failovers()} epochs")
        self.faults[fault] += 1
        self.calm.clear()
        FAULTS[fault](self.cluster, self.random)
        self.cluster.await_whole()
        self.calm.set()
        time.sleep(self.random.uniform(0.2, 1.0))

    def describe(self, tally, epochs, lost):
        rows = [[fault, count] for fault, count in sorted(self.faults.items())]
        calm = tally.calm_good / max(1, tally.calm_good + tally.calm_bad)
        everything = max(1, tally.good + tally.uncertain + tally.refused + tally.broken)
        return (
            table(["fault", "times"], rows)
            + f"\nseed {self.options.seed}, {self.options.minutes:g} minutes, {epochs} epochs\n"
            + f"{tally.good} acknowledged writes, {lost} {'LOST' if lost else 'lost'}\n"
            + f"{tally.reads} linearizable reads, {tally.wrong} {'WRONG' if tally.wrong else 'wrong'}\n"
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
            except ReplyError as refused:
                note(f"not handed over: {refused}")
        time.sleep(rng.uniform(0, 1))


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
}


if __name__ == "__main__":
    entry(main)
