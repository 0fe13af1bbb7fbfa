#!/usr/bin/env python3
"""What leases cost: the same reads at level leader with a config group and without one, by turns.

Two proxies, each in front of servers of its own: a coordinator that renews its lease and looks at
it whenever replies arrive, and a proxy whose topology never changes.
"""

import statistics

import load
from lab import Lab, entry, free_port, note, parse, parser, table, write
from load import Workload
from speed import interval

WORKLOADS = [Workload("GET", 64, pipeline) for pipeline in (1, 16, 64)]


def main():
    arguments = parser(__doc__)
    arguments.add_argument("--shards", type=int, default=3)
    arguments.add_argument("--repetitions", type=int, default=7)
    arguments.add_argument("--seconds", type=float, default=2.0, help="length of one run")
    arguments.add_argument("--warm", type=float, default=60.0, help="seconds of load for a JVM")
    options = parse(arguments)
    own = list(options.set)
    with Lab(options) as lab:
        targets, servers = {}, []
        for name in ("static", "leased"):
            backends = [lab.redis(f"{name}{i}") for i in range(options.shards)]
            options.set = own + (coordinator(lab) if name == "leased" else [])
            targets[name] = lab.ringmaster(backends)
            servers += backends
            load.fill(targets[name], 64)
            load.warm(targets[name], WORKLOADS, servers, options.warm / 2)
        rows = [compare(workload, targets, servers, options) for workload in WORKLOADS]
    headings = ["workload", "static, µs", "leased, µs", "ratio", "95 % interval"]
    report = "CPU per request\n\n" + table(headings, rows)
    write("leases.md", report)
    print(report)


def coordinator(lab):
    return [
        "coordinator.id=c1",
        f'coordinator.listen="127.0.0.1:{free_port()}"',
        f'coordinator.dir="{lab.folder / "c1"}"',
        "coordinator.secret=of-this-bench",
    ]


def compare(workload, targets, servers, options):
    runs = {name: [] for name in targets}
    requests = {
        name: load.requests_for(target, workload, servers, options.seconds)
        for name, target in targets.items()
    }
    for _ in range(options.repetitions):
        for name, target in targets.items():
            one = load.run(target, workload, requests[name], servers)
            runs[name].append(one.cpu)
            note(f"{workload.name} {name:7} {one.rate:9.0f}/s {one.cpu:.2f} us")
    ratios = [leased / static for leased, static in zip(runs["leased"], runs["static"])]
    low, high = interval(ratios, statistics.median)
    medians = [statistics.median(runs[name]) for name in ("static", "leased")]
    return [workload.name, *medians, statistics.median(ratios), f"{low:.2f} – {high:.2f}"]


if __name__ == "__main__":
    entry(main)
