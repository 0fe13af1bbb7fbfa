#!/usr/bin/env python3
"""Backends that fail under load: who notices, and whether the errors tell the truth.

Every shard is one redis-server with `appendfsync always`, so that whatever it has acknowledged
survives kill -9. Connections of their own write to each shard: every write appends a number that
is used once to a list. Each backend in turn is killed and started again, stopped for a while
(SIGSTOP, SIGCONT), and restarted. At the end the lists are read from the servers themselves:

  lost   writes answered OK that are not there
  lied   writes answered with an error that says "not executed" but that are there
  twice  writes that are there more than once
"""

import collections
import multiprocessing
import signal
import socket
import time
from dataclasses import dataclass

from lab import Lab, entry, leave_signals_to_parent, note, parse, parser, percentile
from lab import table, target_names, write
from resp import Client, Closed, ReplyError, encode

AOF = ("--save", "", "--appendonly", "yes", "--appendfsync", "always")
AOF += ("--auto-aof-rewrite-percentage", "0")
OK, REFUSED, UNCERTAIN, LOST, HUNG = "ok", "error", "UNCERTAIN", "disconnected", "hung"


def main():
    arguments = parser(__doc__)
    arguments.add_argument("--shards", type=int, default=3)
    arguments.add_argument("--connections", type=int, default=2, help="per shard, default 2")
    arguments.add_argument("--pipeline", type=int, default=4, help="writes in flight, default 4")
    arguments.add_argument("--down", type=float, default=3.0, help="seconds of a failure")
    arguments.add_argument("--warm", type=float, default=10.0, help="seconds of load before")
    arguments.add_argument("--timeout", type=float, default=10.0, help="of a client, then: hung")
    arguments.add_argument("--faults", default=",".join(FAULTS), help="default: %(default)s")
    options = parse(arguments)
    if options.target:
        raise SystemExit("--target: the backends must be those that this script breaks")
    report = ""
    for name in target_names(options, direct=False):
        with Lab(options) as lab:
            report += f"## {name}\n\n" + Experiment(lab, name, options).run() + "\n"
    write("faults.md", report)
    print(report)


# ---------------------------------------------------------------- load


@dataclass(frozen=True)
class Write:
    """One write; times are those of the monotonic clock in seconds."""

    shard: int
    key: str
    number: int
    sent: float
    answered: float
    outcome: str
    text: str


def load(target, shard, key, pipeline, timeout, stop, results):
    """Writes until told to stop, then hands over everything that it has seen."""
    leave_signals_to_parent()
    writes, number, client = [], 0, None
    while not stop.is_set():
        sent = time.monotonic()
        numbers = range(number, number + pipeline)
        number += pipeline
        outcome, text = LOST, ""
        answered = 0
        try:
            client = client or Client(target, timeout)
            client.socket.sendall(b"".join(encode("RPUSH", key, n) for n in numbers))
            for n in numbers:
                reply = client.read()
                result = classify(reply)
                writes.append(Write(shard, key, n, sent, time.monotonic(), *result))
                answered += 1
        except (OSError, Closed) as error:
            outcome = HUNG if isinstance(error, socket.timeout) else LOST
            text = type(error).__name__
            if client:
                client.close()
            client = None
        for n in numbers[answered:]:
            writes.append(Write(shard, key, n, sent, time.monotonic(), outcome, text))
        failed = writes[-1].outcome != OK
        time.sleep(0.02 if failed else 0.002)
    results.put(writes)


def classify(reply):
    if not isinstance(reply, ReplyError):
        return OK, ""
    text = str(reply)
    return (UNCERTAIN if text.startswith("UNCERTAIN") else REFUSED), text


# ---------------------------------------------------------------- faults


class Experiment:
    """One target in front of its own backends, through all the faults."""

    def __init__(self, lab, name, options):
        self.lab, self.options, self.name = lab, options, name
        self.backends = [lab.redis(f"{name}-{i}", settings=AOF) for i in range(options.shards)]
        self.target = lab.start(name, self.backends)

    def run(self):
        keys = self._keys()
        stop, results = multiprocessing.Event(), multiprocessing.Queue()
        common = (self.options.pipeline, self.options.timeout, stop, results)
        loaders = [
            multiprocessing.Process(target=load, args=(self.target, shard, key, *common))
            for shard, shard_keys in enumerate(keys)
            for key in shard_keys
        ]
        for loader in loaders:
            loader.start()
        try:
            time.sleep(self.options.warm)
            events = [
                self._break(fault, shard)
                for fault in self.options.faults.split(",")
                for shard in range(len(self.backends))
            ]
            stop.set()
            writes = [one for _ in loaders for one in results.get(timeout=60)]
        finally:
            stop.set()
            for loader in loaders:
                loader.join(5)
                loader.terminate()
        return self._report(events, writes) + self._truth(writes)

    def _keys(self):
        """For each shard so many keys as it has connections, found by asking the servers."""
        found = [[] for _ in self.backends]
        with Client(self.target) as client:
            direct = [Client(backend) for backend in self.backends]
            number = 0
            while any(len(keys) < self.options.connections for keys in found):
                key = f"faults:{number}"
                number += 1
                client.call("SET", key, "x")
                shard = [server.call("EXISTS", key) for server in direct].index(1)
                client.call("DEL", key)
                if len(found[shard]) < self.options.connections:
                    found[shard].append(key)
            for server in direct:
                server.close()
        return found

    def _break(self, fault, shard):
        """Returns what was done and when: began, backend up again, end of the observation."""
        calm = time.monotonic()
        time.sleep(self.options.down)
        began = time.monotonic()
        FAULTS[fault](self, shard)
        up = time.monotonic()
        time.sleep(self.options.down)
        note(f"{self.name}: {fault} of shard {shard} is over")
        return fault, shard, calm, began, up, time.monotonic()

    def kill(self, shard):
        self._process(shard).kill()
        time.sleep(self.options.down)
        self._start_again(shard)

    def pause(self, shard):
        process = self._process(shard)
        process.send_signal(signal.SIGSTOP)
        time.sleep(self.options.down)
        process.send_signal(signal.SIGCONT)

    def restart(self, shard):
        self.lab.stop(self._process(shard))
        self._start_again(shard)

    def _process(self, shard):
        return next(p for p in self.lab.processes if p.pid == self.backends[shard].pid)

    def _start_again(self, shard):
        self._process(shard).wait()
        old = self.backends[shard]
        self.backends[shard] = self.lab.redis(old.name, old.port, AOF)

    # ------------------------------------------------------------ results

    def _report(self, events, writes):
        rows = []
        for fault, shard, calm, began, up, end in events:
            others = [w for w in writes if w.shard != shard]
            before = [w for w in others if calm <= w.sent < began]
            during = [w for w in others if began <= w.sent < up]
            affected = [w for w in writes if w.shard == shard and w.answered >= began]
            affected = [w for w in affected if w.sent < end]
            kinds = collections.Counter(w.outcome for w in affected if w.outcome != OK)
            again = [w.answered for w in affected if w.outcome == OK and w.answered > up]
            rows.append(
                [
                    f"{fault} of shard {shard}",
                    f"{latency(before, 0.5)} → {latency(during, 0.5)}",
                    f"{latency(before, 0.99)} → {latency(during, 0.99)}",
                    sum(w.outcome != OK for w in during),
                    ", ".join(f"{n} {kind}" for kind, n in sorted(kinds.items())) or "none",
                    (min(again) - up) * 1000 if again else "never",
                ]
            )
        headings = ["fault", "others: p50 ms", "p99 ms", "errors", "affected shard", "recovery ms"]
        return table(headings, rows)

    def _truth(self, writes):
        stored = {}
        for shard, backend in enumerate(self.backends):
            with Client(backend, timeout=60) as client:
                for key in {w.key for w in writes if w.shard == shard}:
                    members = client.call("LRANGE", key, 0, -1)
                    stored[key] = collections.Counter(int(member) for member in members)
        count = collections.Counter(w.outcome for w in writes)
        present = collections.Counter(w.outcome for w in writes if stored[w.key][w.number])
        lost = count[OK] - present[OK]
        twice = sum(times > 1 for numbers in stored.values() for times in numbers.values())
        lied = present[REFUSED]
        verdict = "PASS" if not (lost or lied or twice or count[HUNG]) else "FAIL"
        rows = [[outcome, count[outcome], present[outcome]] for outcome in sorted(count)]
        errors = collections.Counter(w.text for w in writes if w.text and w.outcome != HUNG)
        return (
            "\n"
            + table(["answer", "writes", "of these stored"], rows)
            + f"\nlost {lost}, lied {lied}, twice {twice}, hung {count[HUNG]}: **{verdict}**\n\n"
            + "".join(f"- {n} × `{text}`\n" for text, n in errors.most_common(8))
        )


def latency(writes, share):
    """In ms, of the writes that were answered."""
    times = [(w.answered - w.sent) * 1000 for w in writes if w.outcome == OK]
    return f"{percentile(times, share):.2f}"


FAULTS = {"kill": Experiment.kill, "pause": Experiment.pause, "restart": Experiment.restart}


if __name__ == "__main__":
    entry(main)
