"""The peers: the same bytes as the page, from nothing but the server, and from Flask and nothing else."""

import os
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

from flask import Flask, Response

BYTES = "BENCH_BYTES"  # names a file with the compressed page
HEADERS = [("Content-Type", "text/html; charset=utf-8"), ("Content-Encoding", "gzip")]


def bare() -> Callable[[dict[str, Any], Callable[..., object]], Iterable[bytes]]:
    """A WSGI callable: the ceiling."""
    body = Path(os.environ[BYTES]).read_bytes()
    headers = [*HEADERS, ("Content-Length", str(len(body)))]

    def application(_environ: dict[str, Any], start_response: Callable[..., object]) -> Iterable[bytes]:
        start_response("200 OK", headers)
        return [body]

    return application


def flask() -> Flask:
    """One view, without extensions."""
    body = Path(os.environ[BYTES]).read_bytes()
    app = Flask(__name__)

    @app.get("/q/<code>")
    def page(code: str) -> Response:  # noqa: ARG001
        return Response(body, headers=HEADERS)

    return app
