"""The batch behind a label for a phone that comes without a cookie, as nearly all do: see ``request.quick``."""

from ...request.database import db
from ...request.language import of_browser
from ...request.quick import Answer, Application, Environ
from ...services.resolver import resolve_quickly
from ...services.scans import ScanWriter
from ...settings import Settings
from ..headers import fixed_headers
from .batches import values
from .looks import looked
from .pages import DEPENDS, HTML, content_policy, gzip, html


def init_app(app: Application, settings: Settings) -> None:
    with app.app_context():
        engine = db.engine
    scans: ScanWriter = app.extensions["trace.scans"]
    headers = [
        ("Content-Type", HTML),
        ("Vary", DEPENDS),
        ("Content-Encoding", "gzip"),
        ("Content-Security-Policy", content_policy()),
        *fixed_headers(settings).items(),
        ("Cache-Control", "no-store"),
    ]

    def batch(code: str, environ: Environ) -> Answer | None:
        if "gzip" not in environ.get("HTTP_ACCEPT_ENCODING", "") or "json" in environ.get("HTTP_ACCEPT", ""):
            return None
        resolution = resolve_quickly(engine, code)
        if resolution.batch is None:
            return None
        language = of_browser(environ.get("HTTP_ACCEPT_LANGUAGE", ""))
        body = gzip(html("batch.html", language, **values(resolution.batch, language)).encode())
        looked(scans, environ, resolution)
        return Answer([*headers, ("Content-Length", str(len(body)))], body)

    app.short_ways |= {"q": batch, "Q": batch}
