"""One shard of three servers with an ordinary configuration, and three coordinators."""

import json
import signal
import time
from dataclasses import dataclass

from lab import free_port
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
    """The servers by their addresses, and the coordinators by their names."""

    def __init__(self, lab, options):
        self.lab = lab
        self.servers = {}
        for i in range(3):
            server = lab.redis(f"redis{i}", settings=SETTINGS)
            self.servers[server.address] = server
        groups = {name: free_port() for name in IDS}
        peers = ",".join(f'{{id={name},address="127.0.0.1:{groups[name]}"}}' for name in IDS)
        own = list(options.set)
        self.commands, self.ports, starting = {}, {}, {}
        for name in IDS:
            options.set = own + [
                f"coordinator.id={name}",
                f"coordinator.peers=[{peers}]",
                f'coordinator.dir="{lab.folder / name}"',
                "coordinator.secret=of-this-bench",
            ]
            self.ports[name] = free_port()
            nodes = Nodes(",".join(self.servers))
            self.commands[name] = lab.ringmaster_command(self.ports[name], [nodes])
            starting[name] = self.lab.spawn(name, self.commands[name])
        options.set = own
        self.coordinators = {name: self.ready(name, starting[name]) for name in IDS}

    def ready(self, name, process):
        self.lab.await_ready_line(process)
        return self.lab.answering(name, self.ports[name], process)

    # ------------------------------------------------------------ what it looks like

    def ask(self, *command):
        """What the first coordinator that answers says, as JSON."""
        for coordinator in self.coordinators.values():
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
        return present and node["in-sync"] and not node["amnesiac"]

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
            again = self.lab.redis(server.name, port=server.port, settings=SETTINGS)
            self.servers[server.address] = again
