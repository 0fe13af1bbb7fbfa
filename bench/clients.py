"""The clients of the soak: they work all the time, and know what has to be there afterwards."""

import array
import collections
import hashlib
import random
import threading
import time
from dataclasses import dataclass
from typing import Any, Callable

from cluster import IDS, TROUBLE
from lab import note
from resp import Client, ReplyError, encode

PIPELINE = 16
DATABASES = 3
FLUSHED = 3  # the database that is emptied all the time
BIG = 50 << 20
EXCUSES = {"UNCERTAIN": "uncertain", "UNAVAILABLE": "refused", "CLUSTERDOWN": "refused"}

SET = "redis.call('SET', KEYS[1], ARGV[1]) return ARGV[1]"
SET_BUT_FAIL = "redis.call('SET', KEYS[1], ARGV[1]) return redis.error_reply('MINE ' .. ARGV[1])"
FAIL = "return redis.error_reply('OOM command not allowed: ' .. ARGV[1])"
FLUSH = "return redis.call('FLUSHALL')"
DIGEST = hashlib.sha1(SET.encode()).hexdigest()


@dataclass(frozen=True)
class Step:
    """One request, and which reply is right if it is executed."""

    words: tuple
    right: Callable[[Any], bool]
    number: int = -1  # of the write that it is

    def outcome(self, reply):
        if self.right(reply):
            return "good"
        code = str(reply).split(" ")[0] if isinstance(reply, ReplyError) else None
        return EXCUSES.get(code, "wrong")


def equals(value):
    return lambda reply: not isinstance(reply, ReplyError) and reply == value


def fails(*texts):
    return lambda reply: isinstance(reply, ReplyError) and any(t in str(reply) for t in texts)


def now():
    return time.strftime("%H:%M:%S")


class Tally:
    """What became of the requests; a count may be a little off, but for what is acknowledged."""

    def __init__(self, calm):
        self.calm = calm
        self.lag = 0.0
        self.good = self.uncertain = self.refused = self.broken = 0
        self.calm_good = self.calm_bad = 0
        self.reads = self.compared = self.wrong = 0
        self.waits = collections.defaultdict(list)

    def add(self, outcome):
        setattr(self, outcome, getattr(self, outcome) + 1)
        if self.calm.is_set():
            name = "calm_good" if outcome == "good" else "calm_bad"
            setattr(self, name, getattr(self, name) + 1)

    def is_wrong(self, text):
        self.wrong += 1
        note(f"{now()} WRONG: {text}")


class Load:
    """A thread that works over one connection, and opens another one after any trouble.

    Every second connection speaks RESP3.
    """

    def __init__(self, cluster, through, tally):
        self.cluster = cluster
        self.through = through
        self.tally = tally
        self.stopping = False
        self.threads = []

    def begin(self, work, through, prepare=lambda client: None):
        thread = threading.Thread(target=self.again, args=(work, through, prepare), daemon=True)
        self.threads.append(thread)
        thread.start()

    def again(self, work, through, prepare):
        protocol = 2
        while not self.stopping:
            protocol = 5 - protocol
            try:
                with self.client(through, protocol) as client:
                    prepare(client)
                    while not self.stopping:
                        work(client)
            except ValueError as garbled:
                self.tally.is_wrong(f"not a reply: {garbled}")
            except TROUBLE:
                time.sleep(0.02)

    def client(self, through, protocol=2, timeout=15):
        return Client(self.cluster.coordinators[through], timeout=timeout, protocol=protocol)

    def judge(self, step, reply):
        outcome = step.outcome(reply)
        self.tally.compared += 1
        if outcome == "wrong":
            words = " ".join(str(word)[:80] for word in step.words)
            self.tally.is_wrong(f"{words} through {self.through}: {str(reply)[:300]}")
        return outcome

    def done(self, client, right, *words):
        """Whether the reply is right; else it is an excuse, or counted as wrong."""
        return self.judge(Step(words, right), client.read_after(*words)) == "good"

    def finish(self):
        self.stopping = True
        for thread in self.threads:
            thread.join()

    def lost(self):
        return 0


class Writer(Load):
    """Writes each key once, several at a time, with requests between that fail, and reads.

    The same names are used in all databases.
    """

    def __init__(self, cluster, through, tally, pause):
        super().__init__(cluster, through, tally)
        self.pause = pause
        self.block = 0
        self.random = random.Random(through)
        self.acknowledged = [array.array("q") for _ in range(DATABASES)]
        self.ended = []  # when the block was answered
        self.begin(self.write, through, self.prepare)

    def prepare(self, client):
        client.call("SCRIPT", "LOAD", SET)

    def database(self, number):
        return number // PIPELINE % DATABASES

    def key(self, number):
        return f"{self.through}:{number // PIPELINE // DATABASES * PIPELINE + number % PIPELINE}"

    def value(self, number):
        return f"{self.through}:{self.database(number)}:{number}".encode()

    # ------------------------------------------------------------ requests

    def write_of(self, number):
        key, value = self.key(number), self.value(number)
        kind = number % PIPELINE
        if kind == 3:
            return Step(("HSET", key, "value", value), equals(1), number)
        if kind == 7:
            return Step(("EVAL", SET, 1, key, value), equals(value), number)
        if kind == 10:
            told = fails(f"MINE {value.decode()}")
            return Step(("EVAL", SET_BUT_FAIL, 1, key, value), told, number)
        if kind in (11, 12):
            return Step(("EVALSHA", DIGEST, 1, key, value), equals(value), number)
        return Step(("SET", key, value), equals("OK"), number)

    def read_of(self, number, protocol):
        value = self.value(number)
        if number % PIPELINE != 3:
            return Step(("GET", self.key(number)), equals(value))
        pair = {b"value": value} if protocol == 3 else [b"value", value]
        return Step(("HGETALL", self.key(number)), equals(pair))

    def failing(self, number, known):
        """A request that fails, as its own reply has to say."""
        key, mark = self.key(number), f"{self.through}-{number}"
        return self.random.choice([
            Step((f"NOSUCH{mark}",), fails(f"'NOSUCH{mark}'")),
            Step(("EVAL", FAIL, 1, key, mark), fails(f"OOM command not allowed: {mark}")),
            Step(("EVAL", f"error('{mark}')", 1, key), fails(mark)),
            Step(("GET",), fails("arguments for 'get'")),
            Step(("HSET", key), fails("arguments for 'hset'")),
            Step(("SADD", self.key(known), mark), fails("WRONGTYPE")),
            Step(("EVAL", FLUSH, 1, key), fails("NOPERM", "can't run this command")),
        ])

    def steps(self, block, protocol):
        known = self.acknowledged[block % DATABASES]
        yield Step(("SELECT", block % DATABASES), equals("OK"))
        for number in range(block * PIPELINE, (block + 1) * PIPELINE):
            yield self.write_of(number)
            if known and number % 2:
                yield self.failing(number, self.random.choice(known))
            if known and number % 4 == 0:
                yield self.read_of(self.random.choice(known), protocol)

    # ------------------------------------------------------------ work

    def write(self, client):
        steps = list(self.steps(self.block, client.protocol))
        self.block += 1
        begun, lag = time.monotonic(), self.tally.lag
        answered = 0
        try:
            client.socket.sendall(b"".join(encode(*step.words) for step in steps))
            for step in steps:
                outcome = self.judge(step, client.read())
                answered += 1
                self.count(step, outcome)
        finally:
            for step in steps[answered:]:
                self.count(step, "broken")
            self.ended.append(time.time())
        self.tally.waits[lag].append(time.monotonic() - begun)
        time.sleep(self.pause)

    def count(self, step, outcome):
        if step.number < 0 or outcome == "wrong":
            return
        self.tally.add(outcome)
        if outcome == "good":
            self.acknowledged[self.database(step.number)].append(step.number)

    def lost(self):
        """How many are missing; what has another value is wrong."""
        missing = 0
        with self.client(self.through, timeout=60) as client:
            for database, numbers in enumerate(self.acknowledged):
                client.call("SELECT", database)
                for first in range(0, len(numbers), 500):
                    replies = self.replies(client, numbers[first : first + 500])
                    missing += sum(map(self.report, *replies))
        return missing

    def replies(self, client, numbers):
        steps = [self.read_of(number, 2) for number in numbers]
        client.socket.sendall(b"".join(encode(*step.words) for step in steps))
        return numbers, steps, [client.read() for _ in steps]

    def report(self, number, step, reply):
        if reply is None or reply == []:
            at = time.strftime("%H:%M:%S", time.localtime(self.ended[number // PIPELINE]))
            note(f"LOST: {step.words} in database {self.database(number)}, acknowledged at {at}")
            return True
        self.judge(step, reply)
        return False


class Register(Load):
    """One number that only grows, written through one coordinator and read through another."""

    def __init__(self, cluster, through, reader, tally):
        super().__init__(cluster, through, tally)
        self.key = f"register:{through}"
        self.written = self.tried = self.seen = 0
        self.begin(self.write, through)
        self.begin(self.read, reader, self.prepare)

    def prepare(self, client):
        client.call("KV.CONSISTENCY", "READ", "linearizable")

    def write(self, client):
        self.tried += 1
        number = self.tried
        if self.done(client, equals("OK"), "SET", self.key, number):
            self.written = number
        time.sleep(0.002)

    def read(self, client):
        least = max(self.written, self.seen)
        value = int(client.call("GET", self.key) or 0)
        self.tally.reads += 1
        if not least <= value <= self.tried:
            self.tally.is_wrong(f"{self.key}: read {value}, not {least} to {self.tried}")
        self.seen = max(self.seen, value)
        time.sleep(0.002)

    def lost(self):
        with self.client(self.through, timeout=60) as client:
            return int(int(client.call("GET", self.key) or 0) < self.written)


class Flusher(Load):
    """Empties a database of its own: what it has written before must be gone, and nothing else."""

    def __init__(self, cluster, through, tally):
        super().__init__(cluster, through, tally)
        self.number = 0
        self.begin(self.flush, through, lambda client: client.call("SELECT", FLUSHED))

    def flush(self, client):
        self.number += 1
        key = f"flushed:{self.number}"
        written = self.done(client, equals("OK"), "SET", key, self.number)
        if self.done(client, equals("OK"), "FLUSHDB") and written:
            self.done(client, equals(None), "GET", key)
        time.sleep(0.1)


class Big(Load):
    """Values of 50 MB, written through one coordinator and read in full through the next."""

    def __init__(self, cluster, through, reader, tally):
        super().__init__(cluster, through, tally)
        self.reader = reader
        self.bytes = random.Random(through).randbytes(BIG)
        self.number = self.compared = 0
        self.kept = None
        self.begin(self.write, through)

    def value(self, number):
        """Another one at each place, for each number."""
        turn = number * 7919 % BIG
        return self.bytes[turn:] + self.bytes[:turn]

    def write(self, client):
        self.number += 1
        number = self.number
        if self.done(client, equals("OK"), "SET", f"big:{number}", self.value(number)):
            before, self.kept = self.kept, number
            if before:
                client.call("DEL", f"big:{before}")
            self.read(number)
        else:
            client.call("DEL", f"big:{number}")
        time.sleep(10)

    def read(self, number):
        with self.client(self.reader, protocol=2 + number % 2, timeout=60) as client:
            reply = client.read_after("GET", f"big:{number}")
        if isinstance(reply, ReplyError):
            return
        self.compared += 1
        if reply != self.value(number):
            self.tally.is_wrong(f"big:{number}: {len(reply or b'')} bytes, {(reply or b'')[:40]}")

    def lost(self):
        if not self.kept:
            return 0
        with self.client(self.through, timeout=60) as client:
            reply = client.call("GET", f"big:{self.kept}")
        if reply is not None and reply != self.value(self.kept):
            self.tally.is_wrong(f"big:{self.kept}: {len(reply)} bytes")
        return int(reply is None)


def all_loads(cluster, tally, pause):
    others = IDS[1:] + IDS[:1]
    loads = [Writer(cluster, name, tally, pause) for name in IDS]
    loads += [Register(cluster, *pair, tally) for pair in zip(IDS, others)]
    return loads + [Flusher(cluster, IDS[0], tally), Big(cluster, IDS[2], IDS[0], tally)]
