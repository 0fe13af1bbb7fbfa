#!/usr/bin/env python3
"""What idle connections cost in memory: N clients that have sent one GET each.

Resident memory for every target; for a JVM also the live heap, which is what remains after a full
collection (`jcmd PID GC.class_histogram`).
"""

import os
import pathlib
import shutil
import subprocess
import sys

from lab import Lab, entry, parse, parser, table, target_names, write
from resp import Client, encode

LIMIT = 4096


def main():
    arguments = parser(__doc__)
    arguments.add_argument("--connections", type=int, default=9990, help="default 9990")
    options = parse(arguments)
    names = target_names(options)
    rows = []
    with Lab(options) as lab:
        backends = [lab.redis(f"redis{i}") for i in range(3)]
        for name in names:
            target = lab.start(name, backends)
            rows.append([name, *measure(target, options.connections)])
            if name != "direct":
                lab.stop_server(target)
    headings = ["target", "RSS MB before", "with them", "RSS bytes each", "live heap bytes each"]
    report = f"{options.connections} idle connections, one GET each\n\n" + table(headings, rows)
    for row in rows:
        if row[-1] == row[-1]:
            verdict = "PASS" if row[-1] <= LIMIT else "FAIL"
            report += f"\n{row[0]}: live heap per connection at most {LIMIT} bytes: **{verdict}**\n"
    write("memory.md", report)
    print(report)


def measure(target, connections):
    """RSS before and with the connections in MB, then RSS and live heap bytes per connection."""
    close_all(open_clients(target, 200))
    heap_before, rss_before = live_heap(target), target.rss_mb()
    clients = open_clients(target, connections)
    try:
        rss = target.rss_mb()
        heap = live_heap(target)
    finally:
        close_all(clients)
    each = (rss - rss_before) * 2**20 / connections
    return rss_before, rss, each, (heap - heap_before) / connections


def open_clients(target, count):
    clients = []
    for _ in range(count):
        client = Client(target)
        client.socket.sendall(encode("GET", "key:000000000001"))
        client.read()
        clients.append(client)
    return clients


def close_all(clients):
    for client in clients:
        client.close()


def live_heap(target):
    """Bytes of reachable objects; not a number where the target is no JVM."""
    if not target.is_java():
        return float("nan")
    beside_java = pathlib.Path(os.readlink(f"/proc/{target.pid}/exe")).with_name("jcmd")
    jcmd = beside_java if beside_java.exists() else shutil.which("jcmd")
    if not jcmd:
        sys.exit("jcmd not found; it is part of the JDK")
    command = [jcmd, str(target.pid), "GC.class_histogram"]
    text = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    total = [line.split() for line in text.splitlines() if line.startswith("Total")]
    return float(total[-1][2])


if __name__ == "__main__":
    entry(main)
