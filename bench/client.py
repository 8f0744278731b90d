"""Asking a server for pages as fast as it answers, over a few connections that stay open."""

import selectors
import socket
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import cycle
from random import Random
from time import perf_counter

HOST = "127.0.0.1"
BROWSER = (
    "Mozilla/5.0 (Linux; Android 13; SM-A146P) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/{} Mobile Safari/537.36"
)
BROWSERS, LANGUAGES = 500, 90
"""Versions of the browser and lists of languages. Together they make so many devices that, as among shoppers, hardly
one looks twice within the minutes of a run: all looks come from one address."""


@dataclass(frozen=True)
class Sample:
    latencies: list[float]
    """Seconds."""
    seconds: float


def requests(codes: Sequence[str], *, seed: int = 1) -> list[bytes]:
    """One request for each code, in random order, from various phones."""
    random = Random(seed)
    lines = "GET /q/{} HTTP/1.1\r\nHost: bench.example\r\nUser-Agent: {}\r\nAccept: text/html\r\n"
    lines += "Accept-Language: vi-VN,vi;q=0.9,en;q=0.{}\r\nAccept-Encoding: gzip, br\r\n\r\n"
    order = random.sample(list(codes), len(codes))
    return [
        lines.format(code, BROWSER.format(100 + random.randrange(BROWSERS)), 10 + random.randrange(LANGUAGES)).encode()
        for code in order
    ]


def measure(port: int, asked: Sequence[bytes], *, connections: int, seconds: float) -> Sample:
    """Keep ``connections`` requests under way for ``seconds``. Raises RuntimeError for an answer other than 200."""
    latencies: list[float] = []
    following = cycle(asked)
    with selectors.DefaultSelector() as selector:
        sockets = [socket.create_connection((HOST, port), timeout=30) for _ in range(connections)]
        begun = perf_counter()
        end = begun + seconds
        for one in sockets:
            one.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            selector.register(one, selectors.EVENT_READ, _Exchange(one, next(following)))
        while selector.get_map():
            ready = selector.select(timeout=30)
            if not ready:
                raise RuntimeError("the server stopped answering")
            for key, _ in ready:
                exchange: _Exchange = key.data
                if exchange.read():
                    done = perf_counter()
                    latencies.append(done - exchange.sent)
                    if done < end:
                        exchange.send(next(following))
                    else:
                        selector.unregister(key.fileobj)
        taken = perf_counter() - begun
        for one in sockets:
            one.close()
    return Sample(latencies, taken)


class _Exchange:
    """One connection: a request sent, an answer coming in."""

    def __init__(self, connection: socket.socket, request: bytes) -> None:
        self.connection = connection
        self.send(request)

    def send(self, request: bytes) -> None:
        self.received = bytearray()
        self.expected: int | None = None
        self.sent = perf_counter()
        self.connection.sendall(request)

    def read(self) -> bool:
        """Whether the answer is whole."""
        part = self.connection.recv(131_072)
        if not part:
            raise RuntimeError("the server closed the connection")
        self.received += part
        if self.expected is None and (end := self.received.find(b"\r\n\r\n")) >= 0:
            head = bytes(self.received[:end]).lower()
            if b" 200 " not in head[:16]:
                raise RuntimeError(head.decode())
            length = head.partition(b"content-length:")[2].partition(b"\r\n")[0]
            self.expected = end + 4 + int(length)
        return self.expected is not None and len(self.received) >= self.expected
