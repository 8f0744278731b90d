"""Noting that somebody looked."""

from typing import Any

from prometheus_client import Counter

from ...services.resolver import Resolution
from ...services.scans import ScanWriter

LOOKS = Counter("trace_looks", "Looks at shoppers' pages", ["verdict", "visitor"])


def looked(writer: ScanWriter, environ: dict[str, Any], resolution: Resolution) -> None:
    """Record the request of WSGI's ``environ`` as a look at the batch, or at a code that leads nowhere."""
    batch = resolution.batch
    who = writer.record(
        batch_id=batch.id if batch else None,
        code=resolution.code,
        user_agent=environ.get("HTTP_USER_AGENT", ""),
        language=environ.get("HTTP_ACCEPT_LANGUAGE", ""),
        address=environ.get("REMOTE_ADDR", ""),
        purpose=environ.get("HTTP_SEC_PURPOSE", "") or environ.get("HTTP_PURPOSE", ""),
    )
    LOOKS.labels(batch.verdicts[0] if batch else "unknown", who).inc()
