#!/usr/bin/env python3
"""Stands before servers, and delays what a leader sends to its replicas.

    relay.py FILE PORT:TARGET ...

FILE holds the delay in seconds and may change at any time. All on 127.0.0.1. Everything else is
passed on at once, and a port refuses connections as long as its server does.
"""

import pathlib
import queue
import socket
import sys
import threading
import time

PIECE = 1 << 16
BEGIN = 1024


def main():
    lag = Lag(pathlib.Path(sys.argv[1]))
    for pair in sys.argv[2:]:
        port, target = map(int, pair.split(":"))
        threading.Thread(target=stand_before, args=(port, target, lag)).start()
    while True:
        lag.look()
        time.sleep(0.05)


class Lag:
    """How long it takes to the replicas just now."""

    def __init__(self, file):
        self.file = file
        self.seconds = 0.0

    def look(self):
        # Empty while it is being written.
        self.seconds = float(self.file.read_text() or self.seconds)


def stand_before(port, target, lag):
    while True:
        while not (server := connect(target)):
            time.sleep(0.02)
        server.close()
        with socket.create_server(("127.0.0.1", port), backlog=512) as listener:
            while True:
                client, _ = listener.accept()
                server = connect(target)
                if not server:
                    client.close()
                    break
                Link(client, server, lag).begin()


def connect(target):
    try:
        return socket.create_connection(("127.0.0.1", target))
    except OSError:
        return None


class Link:
    """A connection to a server, and the one that it stands for."""

    def __init__(self, client, server, lag):
        self.client = client
        self.server = server
        self.lag = lag
        self.under_way = None
        for end in (client, server):
            end.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def begin(self):
        for work in (self.ask, self.answer):
            threading.Thread(target=self.guarded, args=(work,), daemon=True).start()

    def guarded(self, work):
        try:
            work()
        except OSError:
            self.end()

    def end(self):
        for end in (self.client, self.server):
            try:
                end.shutdown(socket.SHUT_RDWR)
            except OSError:
                pass

    def ask(self):
        begin = b""
        while data := self.client.recv(PIECE):
            if len(begin) < BEGIN:
                begin += data[:BEGIN]
                if b"REPLCONF" in begin and not self.under_way:
                    self.delay()
            self.server.sendall(data)
        self.end()

    def delay(self):
        self.under_way = queue.SimpleQueue()
        threading.Thread(target=self.guarded, args=(self.deliver,), daemon=True).start()

    def answer(self):
        while data := self.server.recv(PIECE):
            self.pass_on(data)
        self.pass_on(b"")

    def pass_on(self, data):
        if self.under_way:
            self.under_way.put((time.monotonic() + self.lag.seconds, data))
        elif data:
            self.client.sendall(data)
        else:
            self.end()

    def deliver(self):
        """What was sent before the leader died still arrives, as it would over a network."""
        data = b"more"
        while data:
            due, data = self.under_way.get()
            time.sleep(max(0.0, due - time.monotonic()))
            self.client.sendall(data)
        self.end()


if __name__ == "__main__":
    main()
