#!/usr/bin/env python3
"""Time from the start of the process to the line `ringmaster ready on`, without any backend up."""

import statistics
import time

from lab import Lab, Server, entry, free_port, note, parse, parser, table, target_names, write

LIMIT = 0.5


def main():
    arguments = parser(__doc__)
    arguments.add_argument("--repetitions", type=int, default=9)
    options = parse(arguments)
    options.only = "ringmaster"
    target_names(options)
    times = []
    with Lab(options) as lab:
        for _ in range(options.repetitions + 1):
            absent = [Server("absent", "127.0.0.1", free_port(), 0) for _ in range(3)]
            command = lab.ringmaster_command(free_port(), absent)
            began = time.monotonic()
            process = lab.spawn("ringmaster", command)
            lab.await_ready_line(process)
            times.append(time.monotonic() - began)
            note(f"ready after {times[-1] * 1000:.0f} ms")
            lab.stop(process)
    measured = times[1:]  # the first one reads the files into the page cache
    median = statistics.median(measured)
    row = [len(measured), median * 1000, min(measured) * 1000, max(measured) * 1000]
    report = table(["runs", "median ms", "min ms", "max ms"], [row])
    report += f"\nMedian at most {LIMIT} s: **{'PASS' if median <= LIMIT else 'FAIL'}**\n"
    write("start.md", report)
    print(report)


if __name__ == "__main__":
    entry(main)
