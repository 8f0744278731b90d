"""What every answer tells the browser to forbid."""

import base64
from hashlib import sha256

from flask import Flask, request
from werkzeug.wrappers import Response

from ..settings import Settings

_POLICY = (
    "default-src 'none'; script-src 'self'; style-src {}; img-src 'self' data: blob:; font-src 'self'; "
    "connect-src 'self'; manifest-src 'self'; worker-src 'self'; form-action 'self'; base-uri 'none'; "
    "frame-ancestors 'none'; object-src 'none'"
)
HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Permissions-Policy": "camera=(self), geolocation=(self), microphone=(), payment=()",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "X-Frame-Options": "DENY",
}


def fixed_headers(settings: Settings) -> dict[str, str]:
    """Those that stand on every answer."""
    return {**HEADERS, **({"Strict-Transport-Security": "max-age=31536000"} if settings.secure_cookies else {})}


def policy(style: str | None = None) -> str:
    """Content-Security-Policy of a page; ``style`` is the content of its one inline style sheet."""
    if style is None:
        return _POLICY.format("'self'")
    return _POLICY.format(f"'sha256-{base64.b64encode(sha256(style.encode()).digest()).decode()}'")


def init_app(app: Flask, settings: Settings) -> None:
    fixed = {"Content-Security-Policy": policy(), **fixed_headers(settings)}

    def add_headers(response: Response) -> Response:
        wanted = dict(fixed)
        if request.endpoint not in {"static", "fonts.font"}:
            wanted["Cache-Control"] = "no-store"
        present = {name.lower() for name in response.headers.keys()}  # noqa: SIM118 - not a dictionary
        response.headers.extend((name, value) for name, value in wanted.items() if name.lower() not in present)
        return response

    app.after_request(add_headers)
