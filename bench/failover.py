#!/usr/bin/env python3
"""How long a shard is without a leader: one shard of three servers, three coordinators.

Its leader is killed or stopped, again and again, while writers write through all coordinators;
the time runs until the next write is acknowledged that began afterwards. Then the server comes
back, and all follow again. At the end every acknowledged write is looked for.
"""

import json
import signal
import statistics
import threading
import time

from lab import Lab, entry, free_port, note, parse, parser, table, write
from resp import Client, Closed, ReplyError

IDS = ("c1", "c2", "c3")
SETTINGS = ("--save", "", "--appendonly", "no", "--repl-diskless-sync-delay", "0")


def main():
    arguments = parser(__doc__)
    arguments.add_argument("--rounds", type=int, default=20, help="of each fault, default 20")
    arguments.add_argument("--faults", default="killed,stopped", help="default: %(default)s")
    options = parse(arguments)
    with Lab(options) as lab:
        shard = Shard(lab, options)
        writers = [Writer(coordinator, name) for name, coordinator in shard.coordinators.items()]
        rows = [
            measure(shard, fault, options.rounds, writers) for fault in options.faults.split(",")
        ]
        acknowledged = sum(len(writer.finish()) for writer in writers)
        lost = sum(writer.lost(shard.coordinators["c1"]) for writer in writers)
    headings = ["leader", "rounds", "median, s", "90 %, s", "worst, s"]
    report = table(headings, rows)
    report += f"\n{acknowledged} acknowledged writes, {lost} lost\n"
    write("failover.md", report)
    print(report)


class Shard:
    """The servers and the coordinators."""

    def __init__(self, lab, options):
        self.lab = lab
        self.servers = {}
        for i in range(3):
            server = lab.redis(f"redis{i}", settings=SETTINGS)
            self.servers[server.address] = server
        groups = {name: free_port() for name in IDS}
        peers = ",".join(f'{{id={name},address="127.0.0.1:{groups[name]}"}}' for name in IDS)
        own = list(options.set)
        starting = {}
        for name in IDS:
            options.set = own + [
                f"coordinator.id={name}",
                f"coordinator.peers=[{peers}]",
                f'coordinator.dir="{lab.folder / name}"',
                "coordinator.secret=of-this-bench",
            ]
            port = free_port()
            nodes = type("Nodes", (), {"address": ",".join(self.servers)})
            starting[name] = port, lab.spawn(name, lab.ringmaster_command(port, [nodes]))
        self.coordinators = {}
        for name, (port, process) in starting.items():
            lab.await_ready_line(process)
            self.coordinators[name] = lab._answering(name, port, process)

    def nodes(self):
        with Client(self.coordinators["c1"]) as client:
            shown = json.loads(client.call("CLUSTER.SHARDMAP", "JSON"))
        return shown["shards"][0]["nodes"]

    def leader(self):
        address = next(node["address"] for node in self.nodes() if node["role"] == "leader")
        return self.servers[address]

    def process(self, server):
        return next(process for process in self.lab.processes if process.pid == server.pid)

    def start_again(self, server):
        again = self.lab.redis(server.name, port=server.port, settings=SETTINGS)
        self.servers[server.address] = again

    def await_followers(self):
        end = time.monotonic() + 60
        while time.monotonic() < end:
            try:
                with Client(self.leader()) as client:
                    if client.call("INFO", "replication").count(b"state=online") == 2:
                        return
            except (OSError, Closed, ReplyError):
                pass
            time.sleep(0.05)
        raise SystemExit("not all follow after 60 s")


def measure(shard, fault, rounds, writers):
    times = []
    for _ in range(rounds):
        shard.await_followers()
        time.sleep(1.5)
        leader = shard.leader()
        process = shard.process(leader)
        process.send_signal(signal.SIGKILL if fault == "killed" else signal.SIGSTOP)
        begun = time.monotonic()
        times.append(await_write(shard.coordinators["c1"]) - begun)
        note(f"{fault} {times[-1]:.3f} s")
        time.sleep(1)
        if fault == "killed":
            process.wait()
            shard.start_again(leader)
        else:
            process.send_signal(signal.SIGCONT)
    times.sort()
    ninety = times[int(0.9 * (len(times) - 1))]
    return [fault, rounds, statistics.median(times), ninety, times[-1]]


def await_write(coordinator):
    """When the first write is acknowledged: each attempt is one of its own."""
    end = time.monotonic() + 60
    while time.monotonic() < end:
        try:
            with Client(coordinator, timeout=0.1) as client:
                client.call("SET", "probe", "value")
                return time.monotonic()
        except (OSError, Closed, ReplyError):
            time.sleep(0.005)
    raise SystemExit("no write after 60 s")


class Writer:
    """Writes one key after the other through one coordinator."""

    def __init__(self, coordinator, name):
        self.coordinator = coordinator
        self.name = name
        self.acknowledged = []
        self.stopping = False
        self.thread = threading.Thread(target=self.run, daemon=True)
        self.thread.start()

    def run(self):
        number = 0
        while not self.stopping:
            try:
                with Client(self.coordinator) as client:
                    while not self.stopping:
                        number += 1
                        client.call("SET", f"{self.name}:{number}", number)
                        self.acknowledged.append(number)
            except (OSError, Closed, ReplyError):
                time.sleep(0.01)

    def finish(self):
        self.stopping = True
        self.thread.join()
        return self.acknowledged

    def lost(self, through):
        with Client(through) as client:
            return sum(
                client.call("GET", f"{self.name}:{number}") != str(number).encode()
                for number in self.acknowledged
            )


if __name__ == "__main__":
    entry(main)
