"""The clients of the soak: they work all the time, and know what has to be there afterwards."""

import threading
import time

from cluster import TROUBLE
from lab import note
from resp import Client, ReplyError, encode

PIPELINE = 16


class Tally:
    """What became of the requests; a count may be a little off, but for what is acknowledged."""

    def __init__(self, calm):
        self.calm = calm
        self.good = self.uncertain = self.refused = self.broken = 0
        self.calm_good = self.calm_bad = 0
        self.reads = self.wrong = 0

    def add(self, outcome):
        setattr(self, outcome, getattr(self, outcome) + 1)
        if self.calm.is_set():
            name = "calm_good" if outcome == "good" else "calm_bad"
            setattr(self, name, getattr(self, name) + 1)

    @staticmethod
    def outcome(reply):
        if not isinstance(reply, ReplyError):
            return "good"
        return "uncertain" if str(reply).startswith("UNCERTAIN") else "refused"


class Load:
    """A thread that works over one connection, and opens another one after any trouble."""

    def __init__(self, cluster, through, tally):
        self.cluster = cluster
        self.through = through
        self.tally = tally
        self.stopping = False
        self.threads = []

    def begin(self, work, through):
        thread = threading.Thread(target=self.again, args=(work, through), daemon=True)
        self.threads.append(thread)
        thread.start()

    def again(self, work, through):
        while not self.stopping:
            try:
                with Client(self.cluster.coordinators[through], timeout=15) as client:
                    while not self.stopping:
                        work(client)
            except TROUBLE:
                time.sleep(0.02)

    def finish(self):
        self.stopping = True
        for thread in self.threads:
            thread.join()


class Writer(Load):
    """Writes each key once, several at a time."""

    def __init__(self, cluster, through, tally, pause):
        super().__init__(cluster, through, tally)
        self.pause = pause
        self.number = 0
        self.acknowledged = []
        self.begin(self.write, through)

    def key(self, number):
        return f"{self.through}:{number}"

    def write(self, client):
        numbers = range(self.number, self.number + PIPELINE)
        self.number += PIPELINE
        answered = 0
        try:
            client.socket.sendall(b"".join(encode("SET", self.key(n), n) for n in numbers))
            for number in numbers:
                outcome = self.tally.outcome(client.read())
                answered += 1
                self.tally.add(outcome)
                if outcome == "good":
                    self.acknowledged.append(number)
        finally:
            for _ in range(PIPELINE - answered):
                self.tally.add("broken")
        time.sleep(self.pause)

    def lost(self):
        missing = 0
        with Client(self.cluster.coordinators[self.through], timeout=60) as client:
            for first in range(0, len(self.acknowledged), 500):
                numbers = self.acknowledged[first : first + 500]
                client.socket.sendall(b"".join(encode("GET", self.key(n)) for n in numbers))
                missing += sum(client.read() != str(n).encode() for n in numbers)
        return missing


class Register(Load):
    """One number that only grows, written through one coordinator and read through another."""

    def __init__(self, cluster, through, reader, tally):
        super().__init__(cluster, through, tally)
        self.key = f"register:{through}"
        self.written = self.tried = self.seen = 0
        self.level = set()
        self.begin(self.write, through)
        self.begin(self.read, reader)

    def write(self, client):
        self.tried += 1
        number = self.tried
        if client.call("SET", self.key, number) == "OK":
            self.written = number
        time.sleep(0.002)

    def read(self, client):
        if client not in self.level:
            client.call("KV.CONSISTENCY", "READ", "linearizable")
            self.level = {client}
        least = max(self.written, self.seen)
        value = int(client.call("GET", self.key) or 0)
        self.tally.reads += 1
        if not least <= value <= self.tried:
            self.tally.wrong += 1
            note(f"{self.key}: read {value}, not {least} to {self.tried}")
        self.seen = max(self.seen, value)
        time.sleep(0.002)

    def lost(self):
        with Client(self.cluster.coordinators[self.through], timeout=60) as client:
            return int(int(client.call("GET", self.key) or 0) < self.written)
