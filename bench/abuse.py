#!/usr/bin/env python3
"""Clients that misbehave: how much memory they take, and what a well-behaved client notices.

Every scenario has a freshly started target. A process of its own sends one GET after the other
and samples the resident memory of the target, first undisturbed, then during the abuse.
"""

import multiprocessing
import socket
import statistics
import threading
import time
from dataclasses import dataclass

from lab import Lab, entry, leave_signals_to_parent, note, parse, parser, percentile
from lab import table, target_names, write
from resp import Client, Closed, ReplyError, encode

MEGABYTE = 1 << 20
SMALL, MEDIUM, LARGE, BULK = "abuse:small", "abuse:medium", "abuse:large", "abuse:bulk"


def main():
    arguments = parser(__doc__)
    arguments.add_argument("--bound-mb", type=float, help="limit of the resident memory")
    arguments.add_argument("--p99-ms", type=float, default=50.0, help="limit for others")
    arguments.add_argument("--seconds", type=float, default=10.0, help="of each abuse, default 10")
    arguments.add_argument("--idle", type=int, default=9990, help="idle clients, default 9990")
    arguments.add_argument("--bulk-mb", type=int, default=512, help="size of the slow bulk string")
    arguments.add_argument("--scenario", choices=list(SCENARIOS), action="append")
    options = parse(arguments)
    rows = []
    with Lab(options) as lab:
        backends = [lab.redis(f"redis{i}") for i in range(3)]
        for name in target_names(options, direct=False):
            for scenario in options.scenario or SCENARIOS:
                target = lab.start(name, backends)
                rows.append([f"{scenario}, {name}", *measure(target, scenario, options)])
                note(f"{rows[-1]}")
                lab.stop_server(target)
    headings = ["scenario", "RSS MB before", "peak", "p50 ms before", "during"]
    headings += ["p99 ms before", "during", "max during", "errors", "the abuser", "verdict"]
    report = table(headings, rows)
    if options.bound_mb:
        report += f"\nPASS: at most {options.bound_mb:.0f} MB resident, no error and a p99 "
        report += f"of at most {options.p99_ms:.0f} ms for the well-behaved client.\n"
    write("abuse.md", report)
    print(report)


def measure(target, scenario, options):
    with Client(target) as client:
        client.call("SET", SMALL, b"s" * 64)
        client.call("SET", MEDIUM, b"m" * 4096)
        client.call("SET", LARGE, b"l" * MEGABYTE)
    with Observer(target) as observer:
        observer.phase(options.seconds / 2)  # warms a JVM
        before = observer.phase(options.seconds / 2)
        observer.begin()
        try:
            outcome = SCENARIOS[scenario](target, options)
        except (OSError, Closed, ReplyError) as error:
            outcome = f"cut off: {error or type(error).__name__}"
        during = observer.end()
    bound = options.bound_mb or float("inf")
    good = during.rss <= bound and not during.errors and during.p99 <= options.p99_ms
    verdict = ("PASS" if good else "FAIL") if options.bound_mb else "-"
    figures = [before.rss, during.rss, before.p50, during.p50, before.p99, during.p99]
    return [*figures, during.max, during.errors, outcome, verdict]


# ---------------------------------------------------------------- the well-behaved client


@dataclass(frozen=True)
class Phase:
    """Peak resident memory in MB, latencies in ms, and how many requests failed."""

    rss: float
    p50: float
    p99: float
    max: float
    errors: int


class Observer:
    """A well-behaved client in a process of its own, so that the abuse costs it no time here."""

    def __init__(self, target):
        self.pipe, theirs = multiprocessing.Pipe()
        self.process = multiprocessing.Process(target=observe, args=(target, theirs), daemon=True)
        self.process.start()
        theirs.close()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.terminate()
        self.process.join()

    def begin(self):
        self.pipe.send("begin")

    def end(self):
        self.pipe.send("end")
        return self.pipe.recv()

    def phase(self, seconds):
        self.begin()
        time.sleep(seconds)
        return self.end()


def observe(target, pipe):
    leave_signals_to_parent()
    client = Client(target)
    while pipe.recv() == "begin":
        times, errors = [], 0
        memory = Peak(target)
        while not pipe.poll():
            began = time.perf_counter()
            try:
                client = client or Client(target)
                client.call("GET", SMALL)
            except (OSError, Closed, ReplyError):
                errors += 1
                if client:
                    client.close()
                client = None
            times.append((time.perf_counter() - began) * 1000)
            time.sleep(0.001)
        pipe.recv()
        median, p99 = statistics.median(times), percentile(times, 0.99)
        pipe.send(Phase(memory.stop(), median, p99, max(times), errors))


class Peak:
    """Samples the memory in a thread, so that an unanswered request does not stop it."""

    def __init__(self, target):
        self.target, self.mb, self.ended = target, target.rss_mb(), threading.Event()
        self.thread = threading.Thread(target=self._sample, daemon=True)
        self.thread.start()

    def _sample(self):
        while not self.ended.wait(0.01):
            self.mb = max(self.mb, self.target.rss_mb())

    def stop(self):
        self.ended.set()
        self.thread.join()
        return self.mb


# ---------------------------------------------------------------- the others


def unread(target, options):
    """One client asks for 1000 values of 1 MB and reads none."""
    with Client(target, receive_buffer=65536) as client:
        client.socket.sendall(encode("GET", LARGE) * 1000)
        time.sleep(options.seconds)
        return "closed by the target" if is_closed(client) else "still connected"


def steady(target, options):
    """One client does the same and reads steadily; it must get all."""
    expected = 1000 * (len(b"$1048576\r\n") + MEGABYTE + 2)
    received, buffer = 0, bytearray(MEGABYTE)
    began = time.monotonic()
    with Client(target) as client:
        client.socket.sendall(encode("GET", LARGE) * 1000)
        while received < expected:
            count = client.socket.recv_into(buffer)
            if not count:
                raise Closed(f"after {received / MEGABYTE:.0f} of 1000 MB")
            received += count
    return f"got all 1000 MB, {received / MEGABYTE / (time.monotonic() - began):.0f} MB/s"


def idle(target, options):
    """Many clients that do nothing after one PING."""
    clients, refused = [], 0
    try:
        for _ in range(options.idle):
            try:
                clients.append(Client(target))
                clients[-1].call("PING")
            except (OSError, Closed, ReplyError):
                refused += 1
        time.sleep(options.seconds)
    finally:
        for client in clients:
            client.close()
    return f"{options.idle - refused} connected, {refused} refused"


def slow_bulk(target, options):
    """A SET of a huge value, a little at a time; twice `--seconds` in all."""
    size = options.bulk_mb * MEGABYTE
    piece = b"b" * (256 * 1024)
    pause = 2 * options.seconds / (size / len(piece))
    sent = 0
    with Client(target, timeout=60) as client:
        head = f"*3\r\n$3\r\nSET\r\n${len(BULK)}\r\n{BULK}\r\n${size}\r\n"
        try:
            client.socket.sendall(head.encode())
            due = time.monotonic()
            while sent < size:
                client.socket.sendall(piece)
                sent += len(piece)
                due += pause
                time.sleep(max(0.0, due - time.monotonic()))
            client.socket.sendall(b"\r\n")
        except ConnectionError:
            return f"cut off after {sent // MEGABYTE} MB: {last_words(client)}"
        reply = client.read()
    outcome = f"answer {str(reply)[:60]}"
    with Client(target, timeout=60) as client:
        client.call("DEL", BULK)
    return outcome


def last_words(client):
    try:
        return str(client.read())[:60]
    except (OSError, Closed, ValueError):
        return "without a reply"


def deaf(target, options):
    """100 clients that ask for 100 MB each and never read."""
    clients = [Client(target, receive_buffer=65536) for _ in range(100)]
    try:
        for client in clients:
            client.socket.sendall(encode("GET", LARGE) * 100)
        time.sleep(options.seconds)
        closed = sum(is_closed(client) for client in clients)
    finally:
        for client in clients:
            client.close()
    return f"{closed} of 100 closed"


def mixed(target, options):
    """50 clients ask for one value of 4 KB after the other and never read; among their replies are
    those to others, who read."""
    request = encode("GET", MEDIUM)
    clients = [Client(target, receive_buffer=65536) for _ in range(50)]
    for client in clients:
        client.socket.setblocking(False)
    over = threading.Event()
    readers = [threading.Thread(target=read_on, args=(target, over)) for _ in range(4)]
    for reader in readers:
        reader.start()
    sent, end = 0, time.monotonic() + options.seconds
    try:
        while time.monotonic() < end:
            for client in clients:
                sent += send_at_once(client, request)
        closed = sum(is_closed(client) for client in clients)
    finally:
        over.set()
        for reader in readers:
            reader.join()
        for client in clients:
            client.close()
    return f"{sent} requests, {closed} of 50 closed"


def send_at_once(client, request):
    """1 if the target takes it, 0 if it does not read any more, or is gone."""
    try:
        return int(client.socket.send(request) == len(request))
    except OSError:
        return 0


def read_on(target, over):
    pipeline = encode("GET", MEDIUM) * 16
    with Client(target) as client:
        while not over.is_set():
            client.socket.sendall(pipeline)
            for _ in range(16):
                client.read()


def is_closed(client):
    error = client.socket.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR)
    state = client.socket.getsockopt(socket.IPPROTO_TCP, socket.TCP_INFO, 1)[0]
    established = 1
    return error != 0 or state != established


SCENARIOS = {
    "unread": unread,
    "steady": steady,
    "idle": idle,
    "slow-bulk": slow_bulk,
    "deaf": deaf,
    "mixed": mixed,
}


if __name__ == "__main__":
    entry(main)
