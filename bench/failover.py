#!/usr/bin/env python3
"""How long a shard is without a leader: one shard of three servers, three coordinators.

Its leader is killed or stopped, again and again, while writers write through all coordinators;
the time runs until the next write is acknowledged that began afterwards. Then the server comes
back, and all follow again. Where another leader is planned the time is that of the slowest write,
and every error counts. At the end every acknowledged write is looked for.
"""

import signal
import statistics
import threading
import time
from functools import partial

from cluster import TROUBLE, Cluster, await_that
from lab import Lab, entry, note, parse, parser, table, write
from resp import Client


def main():
    arguments = parser(__doc__)
    arguments.add_argument("--rounds", type=int, default=20, help="of each fault, default 20")
    arguments.add_argument("--faults", default="planned,killed,stopped", help="default: %(default)s")
    arguments.add_argument("--warm", type=float, default=60.0, help="seconds of writes before")
    arguments.add_argument(
        "--without",
        choices=["nobody", "removed", "dead"],
        default="nobody",
        help="what becomes of the third coordinator before, default: %(default)s",
    )
    options = parse(arguments)
    with Lab(options) as lab:
        cluster = Cluster(lab, options)
        writers = [Writer(coordinator, name) for name, coordinator in cluster.coordinators.items()]
        note(f"warming for {options.warm:.0f} s")
        time.sleep(options.warm)
        if options.without != "nobody":
            writers.pop().finish()
            lose("c3", options.without, cluster)
        rows = []
        for fault in options.faults.split(","):
            how = hand_over if fault == "planned" else partial(harm, fault)
            rows.append([fault, *measure(cluster, how, options.rounds, writers)])
        acknowledged = sum(len(writer.finish()) for writer in writers)
        lost = sum(writer.lost(cluster.coordinators["c1"]) for writer in writers)
    headings = ["leader", "rounds", "median, s", "90 %, s", "worst, s", "errors at clients"]
    report = table(headings, rows)
    report += f"\n{acknowledged} acknowledged writes, {lost} lost\n"
    write("failover.md", report)
    print(report)


def measure(cluster, how, rounds, writers):
    times = []
    errors = 0
    for _ in range(rounds):
        cluster.await_whole()
        for writer in writers:
            writer.slowest, writer.errors = 0, []
        times.append(how(cluster, writers))
        errors += sum(len(writer.errors) for writer in writers)
        note(f"{times[-1]:.3f} s, {errors} errors")
    times.sort()
    ninety = times[int(0.9 * (len(times) - 1))]
    return [rounds, statistics.median(times), ninety, times[-1], errors]


def lose(name, how, cluster):
    """One coordinator is removed from the group, or dead; the others are asked from then on."""
    if how == "removed":
        cluster.ask("CLUSTER.REMOVECOORDINATOR", name)
    lost = cluster.coordinators.pop(name)
    if how == "dead":
        cluster.kill(lost)
    await_that(lambda: cluster.ask("KV.HEALTH")["config-group"]["leader"] in cluster.coordinators)


def hand_over(cluster, writers):
    shard = cluster.ask("CLUSTER.SHARDMAP")["shards"][0]["id"]
    with Client(cluster.coordinators["c2"], timeout=20) as client:
        client.call("CLUSTER.FAILOVER", shard)
    time.sleep(0.3)
    return max(writer.slowest for writer in writers)


def harm(fault, cluster, writers):
    leader = cluster.leader()
    cluster.signal(leader, signal.SIGKILL if fault == "killed" else signal.SIGSTOP)
    begun = time.monotonic()
    took = await_write(cluster.coordinators["c1"]) - begun
    time.sleep(1)
    if fault == "killed":
        cluster.kill(leader)
        cluster.start_again(leader)
    else:
        cluster.signal(leader, signal.SIGCONT)
    return took


def await_write(coordinator):
    """When the first write is acknowledged: each attempt is one of its own."""
    end = time.monotonic() + 60
    while time.monotonic() < end:
        try:
            with Client(coordinator, timeout=0.1) as client:
                client.call("SET", "probe", "value")
                return time.monotonic()
        except TROUBLE:
            time.sleep(0.005)
    raise SystemExit("no write after 60 s")


class Writer:
    """Writes one key after the other through one coordinator, not as fast as it can: it is to
    measure how long a write waits, not to make others wait for the processor."""

    PAUSE = 0.002

    def __init__(self, coordinator, name):
        self.coordinator = coordinator
        self.name = name
        self.acknowledged = []
        self.slowest = 0
        self.errors = []
        self.stopping = False
        self.thread = threading.Thread(target=self.run, daemon=True)
        self.thread.start()

    def run(self):
        number = 0
        while not self.stopping:
            try:
                with Client(self.coordinator) as client:
                    while not self.stopping:
                        number += 1
                        begun = time.monotonic()
                        client.call("SET", f"{self.name}:{number}", number)
                        self.acknowledged.append(number)
                        self.slowest = max(self.slowest, time.monotonic() - begun)
                        time.sleep(self.PAUSE)
            except TROUBLE as error:
                self.errors.append(str(error))
                time.sleep(0.01)

    def finish(self):
        self.stopping = True
        self.thread.join()
        return self.acknowledged

    def lost(self, through):
        with Client(through) as client:
            return sum(
                client.call("GET", f"{self.name}:{number}") != str(number).encode()
                for number in self.acknowledged
            )


if __name__ == "__main__":
    entry(main)
