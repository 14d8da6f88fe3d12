"""A line between page and server that can be cut, as a bad network does it."""

import socket
import threading
from contextlib import contextmanager, suppress


class Link:
    """Forwards what comes to `port` to another port of this machine."""

    def __init__(self, target):
        self.target = target
        self.refuses = False  # new connections
        self.loses = set()  # "there", "back": what is sent that way is lost, and nobody is told
        self.open = []
        self.door = socket.create_server(("127.0.0.1", 0))
        self.port = self.door.getsockname()[1]
        threading.Thread(target=self._accept, daemon=True).start()

    def cut(self):
        """Both ends notice, and nothing gets through until `mend`."""
        self.refuses = True
        self._hang_up()

    def lose(self, *ways):
        """Neither end notices."""
        self.refuses = True
        self.loses = set(ways)

    def mend(self):
        self._hang_up()  # what was lost is missing in the middle of a stream
        self.refuses, self.loses = False, set()

    def _hang_up(self):
        while self.open:
            _end(self.open.pop())

    def _accept(self):
        with suppress(OSError):  # closed
            while True:
                near, _ = self.door.accept()
                if self.refuses:
                    _end(near)
                    continue
                far = socket.create_connection(("127.0.0.1", self.target))
                self.open += [near, far]
                for way, ends in (("there", (near, far)), ("back", (far, near))):
                    threading.Thread(target=self._forward, args=(way, *ends), daemon=True).start()

    def _forward(self, way, source, to):
        with suppress(OSError):
            while data := source.recv(65536):
                if way not in self.loses:
                    to.sendall(data)
        _end(source), _end(to)


def _end(end):
    with suppress(OSError):
        end.shutdown(socket.SHUT_RDWR)  # wakes who waits for it
    end.close()


@contextmanager
def link(target):
    line = Link(target)
    try:
        yield line
    finally:
        _end(line.door)
        line._hang_up()
