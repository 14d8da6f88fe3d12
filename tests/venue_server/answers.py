"""What the modules share: a refusal, and how a question names its time."""

from __future__ import annotations


class Refusal(Exception):
    """An answer that is no answer: an HTTP status and a body (a dict becomes JSON, a str is HTML)."""

    def __init__(self, status, body):
        super().__init__(status, body)
        self.status, self.body = status, body


class Unknown(Exception):
    """No such endpoint here."""


def number(query, name, default=None):
    """An integer of the query, or the default."""
    return int(float(query[name])) if query.get(name) not in (None, "") else default


def limited(query, name, default, most):
    return max(1, min(number(query, name, default), most))


BLOCKED = (
    "<html><head><title>403 Forbidden</title></head><body><h1>Access denied</h1>"
    "<p>This service is configured to block access from your country.</p></body></html>"
)
