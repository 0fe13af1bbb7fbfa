#!/usr/bin/env python3
"""Latency of one client with one connection and one request at a time."""

import statistics

import load
from lab import Lab, entry, note, parse, parser, table, target_names, write
from load import Workload


def main():
    arguments = parser(__doc__)
    arguments.add_argument("--repetitions", type=int, default=7)
    arguments.add_argument("--seconds", type=float, default=2.0, help="length of one run")
    arguments.add_argument("--warm", type=float, default=20.0, help="seconds of load for a JVM")
    options = parse(arguments)
    names = target_names(options)
    workloads = [Workload(command, 64, 1, clients=1) for command in ("GET", "SET")]
    rows = []
    with Lab(options) as lab:
        backends = [lab.redis(f"redis{i}") for i in range(3)]
        targets = [lab.start(name, backends) for name in names]
        for backend in backends:
            load.fill(backend, 64)
        for target in targets:
            if target.is_java():
                load.warm(target, workloads, backends, options.warm)
        for workload in workloads:
            runs = {target: [] for target in targets}
            count = {
                target: load.requests_for(target, workload, backends, options.seconds)
                for target in targets
            }
            for _ in range(options.repetitions):
                for target in targets:
                    one = load.run(target, workload, count[target], backends)
                    runs[target].append(one)
                    note(f"{workload.name} {target.name:12} p50 {one.p50:.3f} ms {one.cpu:.1f} us")
            for target in targets:
                rows.append([f"{workload.command} {target.name}", *figures(runs[target])])
    report = table(["one client", "p50 µs", "lowest p50", "p99 µs", "requests/s", "CPU µs"], rows)
    write("latency.md", report)
    print(report)


def figures(runs):
    def median(field):
        return statistics.median(getattr(run, field) for run in runs)

    lowest = min(run.p50 for run in runs)
    return median("p50") * 1000, lowest * 1000, median("p99") * 1000, median("rate"), median("cpu")


if __name__ == "__main__":
    entry(main)
