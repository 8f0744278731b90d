"""What every answer tells the browser to forbid."""

import secrets

from flask import Flask, g, request
from werkzeug.wrappers import Response

from ..settings import Settings


def nonce() -> str:
    """This response's CSP nonce, for the few inline styles of a one-request page."""
    value: str | None = getattr(g, "nonce", None)
    if value is None:
        value = g.nonce = secrets.token_urlsafe(16)
    return value


def init_app(app: Flask, settings: Settings) -> None:
    app.jinja_env.globals["csp_nonce"] = nonce

    @app.after_request
    def add_headers(response: Response) -> Response:
        headers = response.headers
        source = f"'self' 'nonce-{g.nonce}'" if hasattr(g, "nonce") else "'self'"
        headers.setdefault(
            "Content-Security-Policy",
            f"default-src 'none'; script-src {source}; style-src {source}; img-src 'self' data: blob:; font-src 'self'; "
            "connect-src 'self'; manifest-src 'self'; worker-src 'self'; form-action 'self'; base-uri 'none'; "
            "frame-ancestors 'none'; object-src 'none'",
        )
        headers.setdefault("X-Content-Type-Options", "nosniff")
        headers.setdefault("Referrer-Policy", "same-origin")
        headers.setdefault("Permissions-Policy", "camera=(self), geolocation=(self), microphone=(), payment=()")
        headers.setdefault("Cross-Origin-Opener-Policy", "same-origin")
        headers.setdefault("Cross-Origin-Resource-Policy", "same-origin")
        headers.setdefault("X-Frame-Options", "DENY")
        if settings.secure_cookies:
            headers.setdefault("Strict-Transport-Security", "max-age=31536000")
        if request.endpoint not in {"static", "fonts.font"}:
            headers.setdefault("Cache-Control", "no-store")
        return response
