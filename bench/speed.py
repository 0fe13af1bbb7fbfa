#!/usr/bin/env python3
"""CPU per request, requests per second and latency, side by side with other proxies.

For each workload the targets take turns (A B C A B C ...), all in front of the same three
redis-servers. See bench/README.md for how to read the result.
"""

import csv
import dataclasses
import math
import random
import re
import statistics

import load
from lab import OUT, Lab, entry, note, number, parse, parser, table, target_names, write
from load import Workload

LIMIT = 0.8
WORKLOADS = (
    [Workload(c, 64, p) for c in ("GET", "SET") for p in (1, 16, 64)]
    + [Workload("MGET", 64, 1), Workload("MGET", 64, 16), Workload("GET", 64, 1, clients=200)]
    + [Workload(c, 4096, p) for c in ("GET", "SET") for p in (1, 16, 64)]
)


def main():
    arguments = parser(__doc__)
    arguments.add_argument("--quick", action="store_true", help="3 repetitions of 1 second")
    arguments.add_argument("--repetitions", type=int, help="default 7")
    arguments.add_argument("--seconds", type=float, help="length of one run, default 2.5")
    arguments.add_argument("--warm", type=float, default=25.0, help="seconds of load for a JVM")
    arguments.add_argument("--rows", metavar="REGEX", default="", help="workloads, e.g. '^GET 64'")
    arguments.add_argument("--subject", default="ringmaster", help="target to compare with others")
    options = parse(arguments)
    options.repetitions = options.repetitions or (3 if options.quick else 7)
    options.seconds = options.seconds or (1.0 if options.quick else 2.5)
    workloads = [w for w in WORKLOADS if re.search(options.rows, w.name)]
    if not workloads:
        raise SystemExit("--rows: there are " + ", ".join(w.name for w in WORKLOADS))
    names = target_names(options)
    with Lab(options) as lab:
        backends = [lab.redis(f"redis{i}") for i in range(3)]
        targets = [lab.start(name, backends) for name in names]
        for target in targets:
            if target.is_java():
                load.warm(target, workloads, backends, options.warm)
        results, filled = {}, None
        for workload in workloads:
            if workload.size != filled:
                for backend in backends:
                    load.fill(backend, workload.size)
                filled = workload.size
            results[workload.name] = measure(workload, targets, backends, options)
            save(results)
    report = tables(results, names) + verdict(results, names, options.subject)
    write("speed.md", report)
    print(report)


# ---------------------------------------------------------------- measuring


def measure(workload, targets, backends, options):
    """Runs per target name; a target that fails has none."""
    runs = {target.name: [] for target in targets}
    count = {}
    for repetition in range(-1, options.repetitions):
        for target in targets:
            try:
                if repetition < 0:
                    count[target] = load.requests_for(target, workload, backends, options.seconds)
                elif target in count:
                    one = load.run(target, workload, count[target], backends)
                    runs[target.name].append(one)
                    note(
                        f"{workload.name:14} {target.name:12} {repetition + 1} "
                        f"{one.cpu:7.2f} us {one.rate:10.0f}/s p50 {one.p50:.3f} ms "
                        f"other {one.other_percent:.0f} %"
                    )
            except load.LoadError as error:
                note(f"FAILED: {error}")
                count.pop(target, None)
                runs[target.name] = []
    return runs


def save(results):
    OUT.mkdir(exist_ok=True)
    fields = [field.name for field in dataclasses.fields(load.Run)]
    with open(OUT / "speed.csv", "w", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(["workload", "target", "repetition"] + fields)
        for workload, by_target in results.items():
            for target, runs in by_target.items():
                for repetition, one in enumerate(runs):
                    writer.writerow([workload, target, repetition, *dataclasses.astuple(one)])


# ---------------------------------------------------------------- judging


def tables(results, names):
    """CPU and rate in one table, latencies in another; medians."""

    def cells(fields):
        for workload, by_target in results.items():
            yield [workload] + [
                " · ".join(number(median(by_target[name], field)) for field in fields)
                for name in names
            ]

    others = [run.other_percent for by in results.values() for runs in by.values() for run in runs]
    return (
        "CPU µs per request of the target · requests per second\n\n"
        + table(["workload", *names], list(cells(("cpu", "rate"))))
        + "\nLatency p50 · p99 in ms\n\n"
        + table(["workload", *names], list(cells(("p50", "p99"))))
        + "\nCPU µs per request of the three backends together\n\n"
        + table(["workload", *names], list(cells(("backends_cpu",))))
        + f"\nOther processes used {statistics.median(others or [0]):.0f} % of the machine.\n"
    )


def verdict(results, names, subject):
    peers = [name for name in names if name not in (subject, "direct")]
    if subject not in names or not peers:
        return f"\nNo comparison: it needs {subject} and at least one other proxy.\n"
    rows, ratios = [], []
    for workload, by_target in results.items():
        measured = [name for name in peers if by_target[name]]
        if not by_target[subject] or not measured:
            rows.append([workload, "-", float("nan"), "-", "FAILED"])
            continue
        best = min(measured, key=lambda name: median(by_target[name], "cpu"))
        pairs = [a.cpu / b.cpu for a, b in zip(by_target[subject], by_target[best])]
        low, high = interval(pairs, statistics.median)
        ratios.append(statistics.median(pairs))
        slower = "SLOWER" if low > 1.0 else ""
        rows.append([workload, best, ratios[-1], f"{low:.2f} – {high:.2f}", slower])
    if not ratios:
        return "\nNo workload could be measured.\n"
    mean = math.exp(statistics.fmean(map(math.log, ratios)))
    passed = mean <= LIMIT and not any(row[-1] for row in rows)
    return (
        f"\nCPU per request of {subject} divided by that of the best other proxy\n\n"
        + table(["workload", "best", "ratio", "95 % interval", ""], rows)
        + f"\nGeometric mean {mean:.3f} (at most {LIMIT}); rows wholly above 1.0: "
        + f"{sum(row[-1] == 'SLOWER' for row in rows)}. **{'PASS' if passed else 'FAIL'}**\n"
    )


def median(runs, field):
    return statistics.median(getattr(run, field) for run in runs) if runs else float("nan")


def interval(values, statistic, samples=4000):
    """Percentile bootstrap; the seed is fixed, so that a table can be reproduced."""
    source = random.Random(1)
    drawn = sorted(statistic(source.choices(values, k=len(values))) for _ in range(samples))
    return drawn[int(0.025 * samples)], drawn[int(0.975 * samples)]


if __name__ == "__main__":
    entry(main)
