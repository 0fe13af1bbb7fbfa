#!/usr/bin/env python3
"""What safety costs: the same writes at level async and at level quorum, by turns.

Two proxies, one for each level, in front of the same shards of one leader and two replicas.
"""

import statistics
from dataclasses import dataclass

import load
from lab import Lab, entry, note, parse, parser, table, write
from load import Workload
from resp import Client
from speed import interval

LEVELS = ("async", "quorum")
LEAST_RATE = 0.8
MOST_ADDED_MS = 0.25
BULK = Workload("SET", 64, 16)
SINGLE = Workload("SET", 64, 1, clients=1)


@dataclass(frozen=True)
class Shard:
    """What `ringmaster serve --shard` is told."""

    address: str


def main():
    arguments = parser(__doc__)
    arguments.add_argument("--shards", type=int, default=3)
    arguments.add_argument("--repetitions", type=int, default=7)
    arguments.add_argument("--seconds", type=float, default=2.0, help="length of one run")
    arguments.add_argument("--warm", type=float, default=60.0, help="seconds of load for a JVM")
    options = parse(arguments)
    own = list(options.set)
    with Lab(options) as lab:
        shards, servers = start_shards(lab, options.shards)
        targets = {}
        for level in LEVELS:
            options.set = own + [f"consistency.write={level}"]
            targets[level] = lab.ringmaster(shards)
            load.warm(targets[level], [BULK, SINGLE], servers, options.warm / 2)
        rows = [compare(workload, targets, servers, options) for workload in (BULK, SINGLE)]
    headings = ["SET of 64 bytes", "async", "quorum", "ratio", "95 % interval", "limit"]
    report = table(headings, rows)
    write("levels.md", report)
    print(report)


def start_shards(lab, count):
    shards, servers = [], []
    for i in range(count):
        settings = ["--save", "", "--appendonly", "no", "--repl-diskless-sync-delay", "0"]
        leader = lab.redis(f"leader{i}", settings=settings)
        replicas = [
            lab.redis(
                f"replica{i}-{j}",
                settings=settings + ["--replicaof", leader.host, leader.port],
            )
            for j in range(2)
        ]
        with Client(leader) as client:
            client.call("WAIT", "2", "10000")
        servers += [leader, *replicas]
        shards.append(Shard(",".join(s.address for s in (leader, *replicas))))
    return shards, servers


def compare(workload, targets, servers, options):
    runs = {level: [] for level in LEVELS}
    requests = {
        level: load.requests_for(targets[level], workload, servers, options.seconds)
        for level in LEVELS
    }
    for _ in range(options.repetitions):
        for level in LEVELS:
            one = load.run(targets[level], workload, requests[level], servers)
            runs[level].append(one)
            note(f"{workload.name} {level:7} {one.rate:9.0f}/s p50 {one.p50:.3f} ms {one.cpu:.2f} us")
    if workload.clients == 1:
        return row("one client, p50 ms", runs, "p50", f"+ {MOST_ADDED_MS} ms")
    return row("pipeline 16, 50 clients, requests/s", runs, "rate", f"{LEAST_RATE} x")


def row(name, runs, field, limit):
    values = {level: [getattr(one, field) for one in runs[level]] for level in LEVELS}
    ratios = [q / a for q, a in zip(values["quorum"], values["async"])]
    low, high = interval(ratios, statistics.median)
    medians = [statistics.median(values[level]) for level in LEVELS]
    return [name, *medians, statistics.median(ratios), f"{low:.2f} – {high:.2f}", limit]


if __name__ == "__main__":
    entry(main)
