"""A short way to the page that everyone opens: from the server's request to the page's bytes, past all that Flask and
its extensions do for pages with accounts, forms and sessions.

It is for a plain look – GET, no cookie, no query string – while all goes well. Whatever else it meets it leaves to
Flask, which begins anew: there is one place that knows what to do about it.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import structlog
from flask import Flask

Environ = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Answer:
    """A whole answer with status 200."""

    headers: Sequence[tuple[str, str]]
    body: bytes


ShortWay = Callable[[str, Environ], Answer | None]
"""Takes the second and last segment of the path and WSGI's environ; None leaves the request to Flask."""


class Application(Flask):
    """Flask, with short ways by the first segment of the path."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.short_ways: dict[str, ShortWay] = {}

    def wsgi_app(self, environ: Environ, start_response: Any) -> Iterable[bytes]:
        answer = self._short(environ)
        if answer is None:
            return super().wsgi_app(environ, start_response)
        start_response("200 OK", list(answer.headers))
        return [answer.body]

    def _short(self, environ: Environ) -> Answer | None:
        if environ["REQUEST_METHOD"] != "GET" or environ.get("QUERY_STRING") or "HTTP_COOKIE" in environ:
            return None
        _, first, *rest = environ["PATH_INFO"].split("/")
        way = self.short_ways.get(first)
        if way is None or len(rest) != 1:
            return None
        try:
            return way(rest[0], environ)
        except Exception as error:
            structlog.get_logger().warning("short way left", path=environ["PATH_INFO"], reason=repr(error))
            return None
