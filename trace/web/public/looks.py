"""Noting that somebody looked."""

from typing import Any

from flask import current_app
from prometheus_client import Counter

from ...services.resolver import Resolution
from ...services.scans import Look, ScanWriter

LOOKS = Counter("trace_looks", "Looks at shoppers' pages", ["verdict", "visitor"])


def scan_writer() -> ScanWriter:
    writer: ScanWriter = current_app.extensions["trace.scans"]
    return writer


def looked(writer: ScanWriter, environ: dict[str, Any], resolution: Resolution) -> Look:
    """Record the request of WSGI's ``environ`` as a look at the batch, or at a code that leads nowhere."""
    batch = resolution.batch
    look = writer.record(
        batch_id=batch.id if batch else None,
        code=resolution.code,
        **traits(environ),
        purpose=environ.get("HTTP_SEC_PURPOSE", "") or environ.get("HTTP_PURPOSE", ""),
    )
    LOOKS.labels(batch.verdicts[0] if batch else "unknown", look.visitor).inc()
    return look


def traits(environ: dict[str, Any]) -> dict[str, str]:
    """What tells the devices of a day apart."""
    return {
        "user_agent": environ.get("HTTP_USER_AGENT", ""),
        "language": environ.get("HTTP_ACCEPT_LANGUAGE", ""),
        "address": environ.get("REMOTE_ADDR", ""),
    }
