"""A server on the loopback that answers like the public futures APIs of seven exchanges,
and breaks like them when told to.

    with VenueServer() as server:
        monkeypatch.setenv("LEVERAGE_LAB_API", server.base)

Field names and page limits follow the exchanges' public API documentation; every number is invented.
"""

from __future__ import annotations

import json
import socket
import sys
import threading
import time
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qsl, urlsplit

from . import binance, bitget, bybit, kraken, kucoin, mexc, okx
from .answers import Refusal, Unknown
from .world import Contract, Tier, World

__all__ = ["FAULTS", "Asked", "Contract", "Tier", "VenueServer", "World"]

MODULES = (mexc, binance, okx, bybit, bitget, kucoin, kraken)
HOSTS = {host: module for module in MODULES for host in module.HOSTS}
FAULTS = (
    "429", "500", "503", "slow", "hang up", "truncated", "html", "empty", "empty list", "error",
    "renamed", "missing", "value", "wrong symbol", "403", "moved",
)  # fmt: skip
NEEDS = {"renamed": {"field"}, "missing": {"field"}, "value": {"field", "to"}, "slow": {"seconds"}}
BUSY = "<html><head><title>503 Service Temporarily Unavailable</title></head><body><center>cdn</center></body></html>"
PAUSE = "<html><head><title>Scheduled maintenance</title></head><body><h1>We will be back soon.</h1></body></html>"


@dataclass(frozen=True)
class Asked:
    """One request, as it came."""

    venue: str  # "" when the host is none of the seven exchanges'
    host: str
    path: str
    query: dict
    headers: dict
    time: float  # unix seconds


@dataclass
class Fault:
    venue: str
    part: str
    how: str
    left: int | None
    more: dict


class VenueServer:
    """base, world, asked, fail(), calm(); a context manager that leaves no thread and no port behind.

    A mistake of the server itself (no fault that was asked for) is answered with a 500 and raised on leaving the block.
    """

    def __init__(self, world=None):
        self.world = World() if world is None else world
        self.asked = []
        self._faults = []
        self._broken = []
        self._lock = threading.Lock()
        self._over = threading.Event()

    def __enter__(self):
        handler = type("Handler", (_Handler,), {"owner": self})
        self._http = _Server(("127.0.0.1", 0), handler)
        self.base = f"http://127.0.0.1:{self._http.server_port}"
        self._thread = threading.Thread(target=self._http.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
        self._thread.start()
        return self

    def __exit__(self, kind, *_):
        self._over.set()  # who is slow is woken
        self._http.shutdown()
        self._http.server_close()
        self._thread.join()
        if self._broken and kind is None:
            raise self._broken[0]

    def fail(self, venue, path_part, how, times=1, **more):
        """Answer the next `times` questions to this exchange whose path holds path_part wrongly (None: all of them)."""
        if how not in FAULTS:
            raise ValueError(f"fault {how!r}: one of {', '.join(FAULTS)}")
        if venue not in self.world.contracts:
            raise ValueError(f"venue {venue!r}: one of {', '.join(self.world.contracts)}")
        if short := NEEDS.get(how, set()) - set(more):
            raise ValueError(f"fault {how!r} needs {', '.join(sorted(short))}")
        with self._lock:
            self._faults.append(Fault(venue, path_part, how, times, more))

    def calm(self):
        with self._lock:
            self._faults.clear()

    def _fault(self, venue, path):
        """The first fault meant for this question, counted."""
        with self._lock:
            for fault in self._faults:
                if fault.venue == venue and fault.part in path and fault.left != 0:
                    if fault.left is not None:
                        fault.left -= 1
                    return fault
        return None

    def _answer(self, host, path, query):
        """(HTTP status, body) as the exchange would give it."""
        module = HOSTS.get(host)
        if module is None:
            return 404, {"error": "not found"}
        try:
            return 200, module.answer(self.world, host, path, query)
        except Refusal as refusal:
            return refusal.status, refusal.body
        except Unknown:
            return module.ERRORS["404"]
        except Exception as mistake:
            self._broken.append(mistake)
            return 500, {"mistake of the test server": repr(mistake)}


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False

    def handle_error(self, request, client_address):
        """A client that left is no news; anything else is the server's own mistake."""
        if not isinstance(mistake := sys.exc_info()[1], OSError):
            self.RequestHandlerClass.owner._broken.append(mistake)


class _Handler(BaseHTTPRequestHandler):
    owner = None
    server_version, sys_version = "venue", ""

    def log_message(self, *_):
        pass

    def do_GET(self):
        owner = self.owner
        parts = urlsplit(self.path)
        _, host, path = (
            (parts.path.split("/", 2) + [""])[:3] if parts.path.count("/") > 1 else ("", parts.path.strip("/"), "")
        )
        path, query = f"/{path}", dict(parse_qsl(parts.query, keep_blank_values=True))
        module = HOSTS.get(host)
        venue = module.VENUE if module else ""
        owner.asked.append(Asked(venue, host, path, query, dict(self.headers), time.time()))
        fault = owner._fault(venue, path) if module else None
        if fault is None:
            self._send(*owner._answer(host, path, query))
        else:
            self._fail(fault, module, host, path, query)

    do_POST = do_PUT = do_DELETE = do_GET  # nobody should: it would be seen in `asked`

    def _fail(self, fault, module, host, path, query):
        owner, how, more = self.owner, fault.how, fault.more
        if how == "429":
            self._send(*module.ERRORS["429"], {"Retry-After": str(more.get("seconds", 1))})
        elif how in ("500", "403", "error"):
            self._send(*module.ERRORS[how])
        elif how == "503":
            self._send(503, BUSY)
        elif how == "html":
            self._send(200, PAUSE)
        elif how == "empty":
            self._send(200, b"")
        elif how == "moved":
            self._send(301, "<html><body>Moved</body></html>", {"Location": f"{owner.base}/elsewhere{path}"})
        elif how == "slow":
            owner._over.wait(more["seconds"])
            self._send(*owner._answer(host, path, query))
        elif how == "wrong symbol":
            self._send(*_mistaken(owner, module, host, path, query))
        else:
            status, body = owner._answer(host, path, query)
            if how in ("hang up", "truncated"):
                data = _bytes(body)
                half = data[: len(data) // 2]
                self._send(status, half, {} if how == "truncated" else {"Content-Length": str(len(data))})
                if how == "hang up":
                    self.wfile.flush()
                    self.connection.shutdown(socket.SHUT_RDWR)
            elif how == "empty list":
                self._send(status, _emptied(body))
            else:
                self._send(status, _changed(body, how, more))

    def _send(self, status, body, extra=None):
        data = _bytes(body)
        kind = "text/html" if isinstance(body, str) else "application/json"
        headers = {"Content-Type": f"{kind}; charset=utf-8", "Content-Length": str(len(data)), **(extra or {})}
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(data)


def _bytes(body):
    if isinstance(body, bytes):
        return body
    return (body if isinstance(body, str) else json.dumps(body)).encode()


def _emptied(body):
    """The same answer without a row: its outermost lists are empty (of a dict's, those below its data, too)."""
    if isinstance(body, list):
        return []
    if isinstance(body, dict):
        return {key: _emptied(value) if isinstance(value, list | dict) else value for key, value in body.items()}
    return body


def _changed(body, how, more):
    """The answer with a field renamed, left out or of another value, wherever it is."""
    if isinstance(body, list):
        return [_changed(one, how, more) for one in body]
    if not isinstance(body, dict):
        return body
    made = {}
    for key, value in body.items():
        if key != more["field"]:
            made[key] = _changed(value, how, more)
        elif how == "renamed":
            made[more.get("to", f"{key}X")] = value
        elif how == "value":
            made[key] = more["to"]
    return made


def _mistaken(owner, module, host, path, query):
    """The answer to the question for another contract; in a list for nobody in particular another one in place of the
    first."""
    names = list(owner.world.listed(module.VENUE))
    for name in sorted(names, key=len, reverse=True):
        for word in (name, name.removesuffix("-SWAP")):
            other = names[1] if name != names[1] else names[0]
            other = other.removesuffix("-SWAP") if word != name else other
            if word in path.split("/") or word in query.values():
                moved = "/".join(other if part == word else part for part in path.split("/"))
                return owner._answer(
                    host, moved, {key: other if value == word else value for key, value in query.items()}
                )
    status, body = owner._answer(host, path, query)
    return status, _swapped(body, names[0], names[-1])


def _swapped(body, name, other):
    if isinstance(body, list):
        return [_swapped(one, name, other) for one in body]
    if isinstance(body, dict):
        return {key: _swapped(value, name, other) for key, value in body.items()}
    return other if body == name else body
