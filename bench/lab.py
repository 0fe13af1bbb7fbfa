"""Servers and proxies on 127.0.0.1 that live as long as one measurement."""

import argparse
import dataclasses
import os
import pathlib
import random
import resource
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass

from resp import Client, Closed, ReplyError

HOME = pathlib.Path(__file__).resolve().parent
OUT = HOME / "out"
READY = b"ringmaster ready on"
PROXIES = ("twemproxy", "predixy", "ringmaster")


@dataclass(frozen=True)
class Server:
    """A process that speaks the Redis protocol; `pid` is 0 where it is not known."""

    name: str
    host: str
    port: int
    pid: int

    @property
    def address(self):
        return f"{self.host}:{self.port}"

    def cpu_seconds(self):
        """User and system time of all its threads, in nanosecond resolution."""
        # The kernel's clock id of another process, see clock_getcpuclockid(3).
        return time.clock_gettime((~self.pid << 3) | 2) if self.pid else float("nan")

    def rss_mb(self):
        if not self.pid:
            return float("nan")
        try:
            status = pathlib.Path(f"/proc/{self.pid}/status").read_text()
        except FileNotFoundError:
            return float("nan")
        sizes = [line.split()[1] for line in status.splitlines() if line.startswith("VmRSS:")]
        return int(sizes[0]) / 1024 if sizes else float("nan")

    def is_java(self):
        return bool(self.pid) and os.path.basename(os.readlink(f"/proc/{self.pid}/exe")) == "java"


class Lab:
    """Starts processes and ends exactly those, by process id, when the `with` block is left."""

    def __init__(self, options):
        self.options = options
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="ringmaster-bench-"))
        self.processes = []

    def __enter__(self):
        signal.signal(signal.SIGTERM, lambda *_: sys.exit("terminated"))
        _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
        resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
        return self

    def __exit__(self, *_):
        for process in reversed(self.processes):
            self.stop(process)
        shutil.rmtree(self.folder, ignore_errors=True)

    def spawn(self, name, command):
        log = self.folder / f"{name}.log"
        if log.exists():
            log.rename(self.folder / f"{name}.{len(self.processes)}.log")
        with open(log, "wb") as output:
            # A session of its own: Ctrl-C must reach this script, which then ends the others.
            process = subprocess.Popen(
                [str(word) for word in command],
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                cwd=self.folder,
                start_new_session=True,
            )
        process.log = log
        self.processes.append(process)
        return process

    def stop(self, process, how=signal.SIGTERM):
        if process.poll() is None:
            process.send_signal(how)
            process.send_signal(signal.SIGCONT)
        try:
            process.wait(timeout=10)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()

    def stop_server(self, server):
        """Ends a server of this lab; one that was only named by `--target` stays."""
        for process in self.processes:
            if process.pid == server.pid:
                self.stop(process)

    def keep_logs(self, folder):
        """Copies what all processes have logged to where it stays."""
        folder.mkdir(parents=True, exist_ok=True)
        for log in self.folder.glob("*.log"):
            shutil.copy(log, folder)
        note(f"logs kept in {folder}")

    # ------------------------------------------------------------ what can be started

    def redis(self, name, port=None, settings=()):
        port = port or free_port()
        folder = self.folder / name
        folder.mkdir(exist_ok=True)
        command = ["redis-server", "--bind", "127.0.0.1", "--port", port, "--dir", folder]
        if not settings:
            settings = ("--save", "", "--appendonly", "no")
        process = self.spawn(name, command + list(settings))
        return self.answering(name, port, process)

    def twemproxy(self, backends):
        port = free_port()
        config = self.folder / "twemproxy.yml"
        servers = "".join(f"   - {b.address}:1\n" for b in backends)
        config.write_text(
            f"bench:\n  listen: 127.0.0.1:{port}\n  redis: true\n  hash: fnv1a_64\n"
            f"  distribution: ketama\n  auto_eject_hosts: false\n  preconnect: true\n"
            f"  backlog: 1024\n  servers:\n{servers}"
        )
        command = ["nutcracker", "-c", config, "-a", "127.0.0.1", "-s", free_port()]
        return self.answering("twemproxy", port, self.spawn("twemproxy", command))

    def predixy(self, backends):
        port = free_port()
        config = self.folder / "predixy.conf"
        groups = "\n".join(f"Group g{i} {{\n+ {b.address}\n}}" for i, b in enumerate(backends))
        config.write_text(
            f"Name bench\nBind 127.0.0.1:{port}\nWorkerThreads 1\nLog {self.folder}/predixy.out\n"
            "Authority {\nAuth {\nMode write\n}\n}\n"
            "StandaloneServerPool {\nDatabases 1\nHash crc16\nHashTag \"{}\"\n"
            f"Distribution modula\nRefreshMethod fixed\n{groups}\n}}\n"
        )
        command = [os.path.abspath(os.environ["PREDIXY"]), config]
        return self.answering("predixy", port, self.spawn("predixy", command))

    def ringmaster(self, backends):
        port = free_port()
        process = self.spawn("ringmaster", self.ringmaster_command(port, backends))
        self.await_ready_line(process)
        return self.answering("ringmaster", port, process)

    def ringmaster_command(self, port, backends):
        command = [os.path.abspath(self.options.ringmaster), "serve", "--port", port]
        command += ["--threads", 1, "--set", f"http.port={free_port()}"]
        for backend in backends:
            command += ["--shard", backend.address]
        for setting in self.options.set:
            command += ["--set", setting]
        return command

    def await_ready_line(self, process, timeout=60.0):
        end = time.monotonic() + timeout
        while READY not in process.log.read_bytes():
            self._check_alive(process, end)
            time.sleep(0.001)

    def start(self, name, backends):
        """A target by its name: a proxy that is started, or one that `--target` names."""
        if name in self.options.target:
            return self.options.target[name]
        if name == "direct":
            return dataclasses.replace(backends[0], name="direct")
        return {
            "twemproxy": self.twemproxy,
            "predixy": self.predixy,
            "ringmaster": self.ringmaster,
        }[name](backends)

    def answering(self, name, port, process):
        server = Server(name, "127.0.0.1", port, process.pid)
        end = time.monotonic() + 20
        while True:
            try:
                with Client(server, timeout=2) as client:
                    client.call("EXISTS", "bench-ready")
                    return server
            except (OSError, Closed, ReplyError):
                self._check_alive(process, end)
                time.sleep(0.02)

    def _check_alive(self, process, end):
        if process.poll() is not None or time.monotonic() > end:
            text = process.log.read_text(errors="replace")[-2000:]
            sys.exit(f"{process.args[0]} did not start:\n{text}")


# ---------------------------------------------------------------- command line


def parser(description):
    """Options that all measurements share."""
    result = argparse.ArgumentParser(
        description=description, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    result.add_argument(
        "--ringmaster",
        default=HOME.parent / "bin" / "ringmaster",
        metavar="PATH",
        help="the start script (default: that of this checkout)",
    )
    result.add_argument(
        "--set", action="append", default=[], metavar="KEY=VALUE", help="passed to ringmaster serve"
    )
    result.add_argument(
        "--target",
        action="append",
        default=[],
        metavar="NAME=HOST:PORT[@PID]",
        help="measure a server that runs already; may be repeated",
    )
    result.add_argument(
        "--only", metavar="NAMES", help="targets to measure, separated by commas (default: all)"
    )
    return result


def parse(argument_parser):
    options = argument_parser.parse_args()
    options.target = {t.name: t for t in map(parse_target, options.target)}
    return options


def parse_target(text):
    name, _, rest = text.partition("=")
    address, _, pid = rest.partition("@")
    host, _, port = address.rpartition(":")
    if not (name and host and port.isdigit() and (pid or "0").isdigit()):
        sys.exit(f"--target {text}: expected NAME=HOST:PORT[@PID]")
    return Server(name, host, int(port), int(pid or 0))


def target_names(options, direct=True):
    """What this machine can measure, in the order of the tables."""
    available = {
        "direct": direct,
        "twemproxy": shutil.which("nutcracker") is not None,
        "predixy": bool(os.environ.get("PREDIXY")),
        "ringmaster": os.access(options.ringmaster, os.X_OK),
    }
    names = [name for name, there in available.items() if there and name not in options.target]
    names += options.target
    wanted = options.only.split(",") if options.only else names
    unknown = [name for name in wanted if name not in names]
    if unknown:
        sys.exit(f"--only: not available: {', '.join(unknown)} (there are {', '.join(names)})")
    missing = [name for name in PROXIES if not available[name]]
    if missing and not options.only:
        note(f"not measured, because not found: {', '.join(missing)}")
    if "ringmaster" in wanted and "ringmaster" not in options.target:
        # The first use of the start script builds, and that is not to be measured.
        subprocess.run([options.ringmaster, "version"], check=True, stdout=subprocess.DEVNULL)
    return [name for name in names if name in wanted]


# ---------------------------------------------------------------- helpers


def entry(main):
    """Runs a script; Ctrl-C ends it without a stack trace, after the lab has been cleared."""
    try:
        main()
    except KeyboardInterrupt:
        sys.exit(130)


def leave_signals_to_parent():
    """For child processes: Ctrl-C is the parent's business, which terminates them."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_DFL)


def free_port():
    """A port below the ephemeral range, where a reconnecting client could connect to itself."""
    for port in random.sample(range(20000, 32000), 1000):
        with socket.socket() as probe:
            try:
                probe.bind(("127.0.0.1", port))
                return port
            except OSError:
                continue
    sys.exit("no free port")


def note(text):
    print(text, file=sys.stderr, flush=True)


def table(headings, rows):
    """A Markdown table; numbers are written with three significant digits."""
    lines = ["| " + " | ".join(headings) + " |", "|---" + "|--:" * (len(headings) - 1) + "|"]
    lines += ["| " + " | ".join(number(cell) for cell in row) + " |" for row in rows]
    return "\n".join(lines) + "\n"


def number(value):
    if not isinstance(value, float):
        return str(value)
    if value != value:
        return "-"
    digits = 0 if abs(value) >= 100 else 1 if abs(value) >= 10 else 2 if abs(value) >= 1 else 3
    return f"{value:,.{digits}f}"


def percentile(values, share):
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))] if ordered else float("nan")


def write(name, text):
    OUT.mkdir(exist_ok=True)
    (OUT / name).write_text(text)
    note(f"written: {OUT.relative_to(HOME.parent) / name}")
