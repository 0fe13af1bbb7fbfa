"""Runs redis-benchmark against one target and measures what it costs."""

import csv
import os
import pathlib
import re
import resource
import subprocess
import time
from dataclasses import dataclass

from lab import note
from resp import Client, ReplyError, encode

KEYS = 100_000


@dataclass(frozen=True)
class Workload:
    """What redis-benchmark does; an MGET of ten keys counts as one request."""

    command: str
    size: int
    pipeline: int
    clients: int = 50

    @property
    def name(self):
        suffix = "" if self.clients == 50 else f" c{self.clients}"
        return f"{self.command} {self.size} P{self.pipeline}{suffix}"

    def arguments(self, server, requests):
        words = ["redis-benchmark", "-h", server.host, "-p", server.port]
        words += ["-n", requests, "-c", self.clients, "-P", self.pipeline, "-d", self.size]
        words += ["-r", KEYS, "--csv", "--precision", 3]
        tests = {"GET": ["-t", "get"], "SET": ["-t", "set"]}
        words += tests.get(self.command) or ["mget"] + ["key:__rand_int__"] * 10
        return [str(word) for word in words]


@dataclass(frozen=True)
class Run:
    """One run; times are microseconds per request, latencies milliseconds."""

    requests: int
    rate: float
    p50: float
    p99: float
    cpu: float
    backends_cpu: float
    client_cpu: float
    other_percent: float


class LoadError(Exception):
    """redis-benchmark failed or reported errors."""


def run(server, workload, requests, backends, timeout=120):
    before = _costs(server, backends)
    try:
        done = subprocess.run(
            workload.arguments(server, requests),
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            timeout=timeout,
            text=True,
        )
    except subprocess.TimeoutExpired:
        raise LoadError(f"{server.name}, {workload.name}: no end after {timeout} s") from None
    after = _costs(server, backends)
    rows = [row for row in csv.reader(done.stdout.splitlines()) if len(row) >= 8]
    if done.returncode or len(rows) < 2:
        raise LoadError(f"{server.name}, {workload.name}: {done.stdout.strip()[-300:]}")
    result = dict(zip(rows[0], rows[-1]))
    spent = {key: after[key] - before[key] for key in after}
    known = spent["client"] + spent["backends"]
    if server.pid not in {backend.pid for backend in backends}:
        known += spent["target"]
    return Run(
        requests=requests,
        rate=float(result["rps"]),
        p50=float(result["p50_latency_ms"]),
        p99=float(result["p99_latency_ms"]),
        cpu=spent["target"] * 1e6 / requests,
        backends_cpu=spent["backends"] * 1e6 / requests,
        client_cpu=spent["client"] * 1e6 / requests,
        other_percent=max(0.0, 100 * (spent["busy"] - known) / max(spent["machine"], 1e-9)),
    )


def requests_for(server, workload, backends, seconds):
    """The number of requests that takes about so many seconds."""
    requests = 2000
    while True:
        rate = run(server, workload, requests, backends).rate
        if requests / rate >= min(0.3, seconds):
            return max(1000, int(rate * seconds))
        requests = int(min(requests * 20, rate * 0.4 + 1000))


def warm(server, workloads, backends, seconds):
    """Mixed load, until the just-in-time compiler has seen everything."""
    note(f"warming {server.name} for {seconds:.0f} s")
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        for workload in workloads:
            run(server, workload, requests_for(server, workload, backends, 0.5), backends)


def fill(server, size):
    """Writes the key space of redis-benchmark straight into one backend."""
    value = b"x" * size
    batch = max(1, 200_000 // (size + 60))
    with Client(server, timeout=60) as client:
        for first in range(0, KEYS, batch):
            keys = range(first, min(KEYS, first + batch))
            client.socket.sendall(b"".join(encode("SET", f"key:{k:012d}", value) for k in keys))
            for _ in keys:
                reply = client.read()
                if isinstance(reply, ReplyError):
                    raise reply


def _costs(server, backends):
    children = resource.getrusage(resource.RUSAGE_CHILDREN)
    first_line = pathlib.Path("/proc/stat").read_text().split("\n", 1)[0]
    # user nice system idle iowait irq softirq steal
    ticks = [int(word) for word in re.findall(r"\d+", first_line)[:8]]
    per_second = os.sysconf("SC_CLK_TCK")
    return {
        "target": server.cpu_seconds(),
        "backends": sum(backend.cpu_seconds() for backend in backends),
        "client": children.ru_utime + children.ru_stime,
        "machine": sum(ticks) / per_second,
        "busy": (sum(ticks) - ticks[3] - ticks[4]) / per_second,
    }
