"""What every answer tells the browser to forbid."""

import secrets

from flask import g, request
from werkzeug.wrappers import Response

from ..request.quick import Application
from ..settings import Settings


def nonce() -> str:
    """This response's CSP nonce, for the few inline styles of a one-request page."""
    value: str | None = getattr(g, "nonce", None)
    if value is None:
        value = g.nonce = secrets.token_urlsafe(16)
    return value


POLICY = (
    "default-src 'none'; script-src {0}; style-src {0}; img-src 'self' data: blob:; font-src 'self'; "
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


def init_app(app: Application, settings: Settings) -> None:
    app.jinja_env.globals["csp_nonce"] = nonce
    fixed = {**HEADERS, **({"Strict-Transport-Security": "max-age=31536000"} if settings.secure_cookies else {})}

    def add_headers(response: Response) -> Response:
        source = f"'self' 'nonce-{g.nonce}'" if hasattr(g, "nonce") else "'self'"
        wanted = {"Content-Security-Policy": POLICY.format(source), **fixed}
        if request.endpoint not in {"static", "fonts.font"}:
            wanted["Cache-Control"] = "no-store"
        present = {name.lower() for name in response.headers.keys()}  # noqa: SIM118 - not a dictionary
        response.headers.extend((name, value) for name, value in wanted.items() if name.lower() not in present)
        return response

    app.after_request(add_headers)
    app.always.append(add_headers)
