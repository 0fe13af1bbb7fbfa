"""A small blocking Redis client."""

import socket


class ReplyError(Exception):
    """An error reply; its text is what the server sent."""


class Closed(Exception):
    """The server closed the connection."""


def encode(*arguments):
    """One request as bytes; text arguments become UTF-8."""
    parts = [a if isinstance(a, bytes) else str(a).encode() for a in arguments]
    return b"*%d\r\n" % len(parts) + b"".join(b"$%d\r\n%s\r\n" % (len(p), p) for p in parts)


class Client:
    """One connection, RESP2 or RESP3. Error replies are returned by `read` and raised by `call`."""

    def __init__(self, server, timeout=10.0, receive_buffer=None, protocol=2):
        self.socket = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
        if receive_buffer:
            self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, receive_buffer)
        self.socket.settimeout(timeout)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.socket.connect((server.host, server.port))
        self.buffer = bytearray()
        self.protocol = protocol
        if protocol != 2:
            self.call("HELLO", protocol)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()

    def close(self):
        self.socket.close()

    def read_after(self, *arguments):
        self.socket.sendall(encode(*arguments))
        return self.read()

    def call(self, *arguments):
        reply = self.read_after(*arguments)
        if isinstance(reply, ReplyError):
            raise reply
        return reply

    def read(self):
        line = self._line()
        kind, rest = line[:1], line[1:]
        if kind == b"+":
            return rest.decode()
        if kind == b"-":
            return ReplyError(rest.decode())
        if kind == b":":
            return int(rest)
        if kind == b"$":
            return None if rest == b"-1" else self._exactly(int(rest) + 2)[:-2]
        if kind == b"*":
            return None if rest == b"-1" else [self.read() for _ in range(int(rest))]
        if self.protocol == 3:
            return self._resp3(kind, rest)
        raise ValueError(f"not a RESP2 reply: {line[:40]!r}")

    def _resp3(self, kind, rest):
        if kind == b"_":
            return None
        if kind == b"%":
            return {self.read(): self.read() for _ in range(int(rest))}
        if kind == b"~":
            return [self.read() for _ in range(int(rest))]
        if kind == b"#":
            return rest == b"t"
        if kind == b",":
            return float(rest)
        raise ValueError(f"not a RESP3 reply: {kind + rest[:40]!r}")

    def _line(self):
        while (end := self.buffer.find(b"\r\n")) < 0:
            self._receive(65536)
        return self._take(end + 2)[:-2]

    def _exactly(self, count):
        while len(self.buffer) < count:
            self._receive(max(65536, count - len(self.buffer)))
        return self._take(count)

    def _receive(self, count):
        data = self.socket.recv(count)
        if not data:
            raise Closed("connection closed by the server")
        self.buffer += data

    def _take(self, count):
        taken = bytes(self.buffer[:count])
        del self.buffer[:count]
        return taken
