#!/usr/bin/env python3
"""For how long nobody can write while `ringmaster import` takes over a Sentinel set-up.

Each round starts a master with data, two replicas, three Sentinels and three coordinators. Writers
write to the master, and through one coordinator each from the first refusal on. The time runs from
the last write that the master acknowledged to the first through a coordinator. At the end every
acknowledged write is looked for.
"""

import re
import statistics
import subprocess
import threading
import time

from cluster import IDS, SETTINGS, TROUBLE, Nodes, await_that
from lab import Lab, Server, entry, free_port, note, parse, parser, table, write
from resp import Client

NAME = "it"


def main():
    arguments = parser(__doc__)
    arguments.add_argument("--rounds", type=int, default=10, help="default %(default)s")
    arguments.add_argument("--keys", type=int, default=200_000, help="default %(default)s")
    options = parse(arguments)
    # The first use of the start script builds, and that is not to be measured.
    subprocess.run([options.ringmaster, "version"], check=True, stdout=subprocess.DEVNULL)
    seen, told, acknowledged, lost = [], [], 0, 0
    for _ in range(options.rounds):
        with Lab(options) as lab:
            round_ = Round(lab, options)
            seen.append(round_.seen)
            told.append(round_.told)
            acknowledged += round_.acknowledged
            lost += round_.lost
            note(f"{round_.seen:.3f} s, {round_.told:.3f} s as import says; {round_.lost} lost")
    rows = [
        [name, options.rounds, statistics.median(times), max(times)]
        for name, times in (("writers", seen), ("import", told))
    ]
    report = table(["as seen by", "rounds", "median, s", "worst, s"], rows)
    report += f"\n{acknowledged} acknowledged writes, {lost} lost\n"
    write("adoption.md", report)
    print(report)


class Round:
    """Sets up, takes over, and has looked for everything."""

    def __init__(self, lab, options):
        self.lab = lab
        master = lab.redis("redis0", settings=SETTINGS)
        follow = SETTINGS + ("--replicaof", master.host, str(master.port))
        servers = [master] + [lab.redis(f"redis{i}", settings=follow) for i in (1, 2)]
        with Client(master, timeout=60) as client:
            script = "for i = 1, tonumber(ARGV[1]) do redis.call('SET', 'old:' .. i, i) end"
            client.call("EVAL", script, "0", options.keys)
        await_that(lambda: info(master).count("state=online") == 2)
        sentinels = [self.sentinel(i, master) for i in range(3)]
        await_that(lambda: all(knows_all(sentinel) for sentinel in sentinels))
        coordinators = self.start_coordinators(options, servers)
        writers = [Writer(f"w{i}", master, to) for i, to in enumerate(coordinators)]
        await_that(lambda: all(len(writer.acknowledged) > 100 for writer in writers))
        text = take_over(options, sentinels[0], coordinators)
        self.told = int(re.search(r"for (\d+) ms nobody", text).group(1)) / 1000
        await_that(lambda: all(writer.through > 100 for writer in writers))
        for writer in writers:
            writer.finish()
        self.seen = min(w.first_through for w in writers) - max(w.last_direct for w in writers)
        self.acknowledged = sum(len(writer.acknowledged) for writer in writers)
        self.lost = sum(writer.lost(coordinators[0]) for writer in writers)

    def sentinel(self, number, master):
        port = free_port()
        folder = self.lab.folder / f"sentinel{number}"
        folder.mkdir()
        config = folder / "sentinel.conf"
        config.write_text(
            f"port {port}\nbind 127.0.0.1\ndir {folder}\n"
            f"sentinel monitor {NAME} {master.host} {master.port} 2\n"
            f"sentinel down-after-milliseconds {NAME} 2000\n"
        )
        process = self.lab.spawn(folder.name, ["redis-server", config, "--sentinel"])
        return Server(folder.name, "127.0.0.1", port, process.pid)

    def start_coordinators(self, options, servers):
        groups = {name: free_port() for name in IDS}
        peers = ",".join(f'{{id={name},address="127.0.0.1:{groups[name]}"}}' for name in IDS)
        own = list(options.set)
        started = []
        for name in IDS:
            options.set = own + [
                f"coordinator.id={name}",
                f"coordinator.peers=[{peers}]",
                f'coordinator.dir="{self.lab.folder / name}"',
                "coordinator.secret=of-this-bench",
                "coordinator.adopt=false",
            ]
            port = free_port()
            nodes = Nodes(",".join(server.address for server in servers))
            process = self.lab.spawn(name, self.lab.ringmaster_command(port, [nodes]))
            started.append((Server(name, "127.0.0.1", port, process.pid), process))
        options.set = own
        for _, process in started:
            self.lab.await_ready_line(process)
        return [coordinator for coordinator, _ in started]


def info(server):
    with Client(server) as client:
        return client.call("INFO", "replication").decode()


def knows_all(sentinel):
    with Client(sentinel) as client:
        others = client.call("SENTINEL", "SENTINELS", NAME)
        return len(others) == 2 and len(client.call("SENTINEL", "REPLICAS", NAME)) == 2


def take_over(options, sentinel, coordinators):
    to = ",".join(coordinator.address for coordinator in coordinators)
    command = [options.ringmaster, "import", "--from", sentinel.address, "--to", to, "--apply"]
    done = subprocess.run(command, capture_output=True, text=True)
    if done.returncode:
        raise SystemExit(done.stdout + done.stderr)
    return done.stdout


class Writer:
    """Writes one key after the other, to the master, and from its first refusal on elsewhere."""

    def __init__(self, name, master, coordinator):
        self.name = name
        self.acknowledged = []
        self.through = 0
        self.last_direct = 0.0
        self.first_through = float("inf")
        self.stopping = False
        self.thread = threading.Thread(target=self.run, args=(master, coordinator), daemon=True)
        self.thread.start()

    def run(self, master, coordinator):
        number = 0
        server = master
        while not self.stopping:
            try:
                with Client(server) as client:
                    while not self.stopping:
                        number += 1
                        client.call("SET", f"{self.name}:{number}", number)
                        self.note(number, server is master)
            except TROUBLE:
                server = coordinator
                time.sleep(0.002)

    def note(self, number, direct):
        now = time.monotonic()
        self.acknowledged.append(number)
        if direct:
            self.last_direct = now
        else:
            self.first_through = min(self.first_through, now)
            self.through += 1

    def finish(self):
        self.stopping = True
        self.thread.join()

    def lost(self, through):
        with Client(through) as client:
            return sum(
                client.call("GET", f"{self.name}:{number}") != str(number).encode()
                for number in self.acknowledged
            )


if __name__ == "__main__":
    entry(main)
