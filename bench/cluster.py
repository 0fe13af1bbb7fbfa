"""One shard of three servers with an ordinary configuration, and three coordinators."""

import json
import signal
import sys
import time
from dataclasses import dataclass

from lab import HOME, free_port, note
from resp import Client, Closed, ReplyError

IDS = ("c1", "c2", "c3")
SETTINGS = ("--save", "", "--appendonly", "no", "--repl-diskless-sync-delay", "0")
TROUBLE = (OSError, Closed, ReplyError, ValueError)


@dataclass(frozen=True)
class Nodes:
    """What `ringmaster serve --shard` is told."""

    address: str


def await_that(condition, seconds=60):
    """What it says as soon as that is something."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        try:
            found = condition()
            if found:
                return found
        except TROUBLE:
            pass
        time.sleep(0.05)
    raise SystemExit(f"not so after {seconds} s")


class Cluster:
    """The servers by the addresses that coordinators know, and the coordinators by their names.

    With `relayed` all that goes to a server passes a relay, which can make replication slow.
    `settings` are those of single coordinators.
    """

    def __init__(self, lab, options, relayed=False, settings=None):
        self.lab = lab
        self.servers, self.addresses = {}, {}
        for name in ("redis0", "redis1", "redis2"):
            port = free_port()
            self.addresses[name] = f"127.0.0.1:{free_port() if relayed else port}"
            self.start_server(name, port)
        if relayed:
            self.lag_file = lab.folder / "lag"
            self.lag(0)
            pairs = [f"{a.rpartition(':')[2]}:{s.port}" for a, s in self.servers.items()]
            lab.spawn("relay", [sys.executable, HOME / "relay.py", self.lag_file, *pairs])
        self.groups = {name: f"127.0.0.1:{free_port()}" for name in IDS}
        peers = ",".join(f'{{id={name},address="{self.groups[name]}"}}' for name in IDS)
        own = list(options.set)
        self.commands, self.ports, starting = {}, {}, {}
        for name in IDS:
            options.set = own + [
                f"coordinator.id={name}",
                f"coordinator.peers=[{peers}]",
                f'coordinator.dir="{lab.folder / name}"',
                "coordinator.secret=of-this-bench",
                "coordinator.start-timeout=2m",
            ] + (settings or {}).get(name, [])
            self.ports[name] = free_port()
            nodes = Nodes(",".join(self.servers))
            self.commands[name] = lab.ringmaster_command(self.ports[name], [nodes])
            starting[name] = lab.spawn(name, self.commands[name])
        options.set = own
        self.coordinators = {name: self.ready(name, starting[name]) for name in IDS}

    def start_server(self, name, port):
        address = self.addresses[name]
        announced = ("--replica-announce-port", address.rpartition(":")[2])
        self.servers[address] = self.lab.redis(name, port=port, settings=SETTINGS + announced)

    def ready(self, name, process):
        self.lab.await_ready_line(process, timeout=120)
        return self.lab.answering(name, self.ports[name], process)

    # ------------------------------------------------------------ what it looks like

    def ask(self, *command, through=None):
        """What the first coordinator that answers says, as JSON."""
        for coordinator in (through or self.coordinators).values():
            try:
                with Client(coordinator, timeout=1) as client:
                    return json.loads(client.call(*command, "JSON"))
            except TROUBLE:
                continue
        raise Closed("no coordinator answers")

    def leader(self):
        nodes = self.ask("CLUSTER.SHARDMAP")["shards"][0]["nodes"]
        return self.servers[next(n["address"] for n in nodes if n["role"] == "leader")]

    def replicas(self):
        leader = self.leader()
        return [server for server in self.servers.values() if server != leader]

    def group_leader(self):
        """Waits while there is none: one that led may just have been lost."""
        leader = await_that(lambda: self.ask("KV.HEALTH")["config-group"]["leader"])
        return self.coordinators[leader]

    def failovers(self):
        return self.ask("CLUSTER.SHARDMAP")["shards"][0]["epoch"]

    def is_served_within(self, seconds):
        """Says what the shard waits for meanwhile, and whether it came to an end."""
        end = time.monotonic() + seconds
        waits = ""
        while time.monotonic() < end:
            try:
                shard = self.ask("KV.HEALTH")["shards"][0]
                if shard["leadership"] == "serving":
                    return True
                if shard["waits-for"] != waits:
                    waits = shard["waits-for"]
                    note(f"{time.strftime('%H:%M:%S')} waits for: {waits}")
            except TROUBLE:
                pass
            time.sleep(0.05)
        return False

    def await_whole(self, seconds=60):
        """Until every server is admitted as it runs now: only such a one is chosen."""
        end = time.monotonic() + seconds
        missing = "no answer"
        while time.monotonic() < end:
            try:
                shard = self.ask("KV.HEALTH")["shards"][0]
                missing = [node for node in shard["nodes"] if not self.is_whole(node)]
                if shard["leadership"] == "serving" and not missing:
                    return
            except TROUBLE:
                pass
            time.sleep(0.1)
        raise SystemExit(f"not whole after {seconds} s: {missing}")

    def is_whole(self, node):
        with Client(self.servers[node["address"]], timeout=1) as client:
            present = f"run_id:{node['run-id']}".encode() in client.call("INFO", "server")
        return present and node["in-sync"] and not node["lost-data"]

    # ------------------------------------------------------------ what happens to it

    def process(self, server):
        return next(process for process in self.lab.processes if process.pid == server.pid)

    def signal(self, server, how):
        self.process(server).send_signal(how)

    def kill(self, server):
        self.signal(server, signal.SIGKILL)
        self.process(server).wait()

    def start_again(self, server):
        """A server on the same port, with no data; or a coordinator with what it had."""
        if server.name in self.coordinators:
            process = self.lab.spawn(server.name, self.commands[server.name])
            self.coordinators[server.name] = self.ready(server.name, process)
        else:
            self.start_server(server.name, server.port)

    def lag(self, seconds):
        """From now on, what a leader sends its replicas takes so long."""
        self.lag_file.write_text(str(seconds))

    def remove(self, name):
        self.vote(name, False, "CLUSTER.REMOVECOORDINATOR", name)

    def add_again(self, name):
        """One that was removed is started anew, with its folder, and waits until it has a vote."""
        self.kill(self.coordinators[name])
        process = self.lab.spawn(name, self.commands[name])
        self.vote(name, True, "CLUSTER.ADDCOORDINATOR", name, self.groups[name])
        self.coordinators[name] = self.ready(name, process)

    def vote(self, name, wanted, *command):
        """Asks another coordinator until it is so: what ended as uncertain may have been done."""
        others = {other: server for other, server in self.coordinators.items() if other != name}

        def settled():
            group = self.ask("KV.HEALTH", through=others)["config-group"]
            if (name in [member["id"] for member in group["members"]]) == wanted:
                return True
            with Client(self.coordinators[group["leader"]], timeout=20) as client:
                client.call(*command)

        await_that(settled)
