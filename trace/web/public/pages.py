"""How the public pages are put together: one request, no session, no account, as little work as a page can be.

A template of this room is rendered without Flask's context processors, because one of them would load the account
of the visitor.
"""

import re
from collections.abc import Callable
from functools import cache, partial
from pathlib import Path
from typing import Any

from flask import Response, request
from isal import isal_zlib
from markupsafe import Markup

from ...request.language import LANGUAGES, select_language
from ...services.wording import say
from ..headers import policy
from . import templates

Translate = Callable[..., str]
HTML = "text/html; charset=utf-8"
DEPENDS = "Accept, Accept-Encoding, Accept-Language, Cookie"
STYLE = Path(__file__).resolve().parents[3] / "static" / "css" / "shopper.css"


def translator(language: str) -> Translate:
    """Gettext for a view of this room: a message and the values of its places, as text that is still to be escaped."""
    return partial(_say, language)


def _say(language: str, message: str, **values: object) -> str:
    return say(message, language, **values)


def render(template: str, status: int = 200, **values: Any) -> Response:
    """The page ``templates/public/<template>`` in the visitor's language."""
    response = Response(html(template, select_language(), **values), status, content_type=HTML)
    response.headers["Content-Security-Policy"] = content_policy()
    return compressed(vary(response))


def html(template: str, language: str, **values: Any) -> str:
    """The whole page."""
    return templates.template(template, language).render(
        language=language,
        other_language="en" if language == "vi" else "vi",
        languages=LANGUAGES,
        css=_style(),
        **values,
    )


@cache
def content_policy() -> str:
    return policy(style=_style())


def vary(response: Response) -> Response:
    """Say what the answer depends on besides its address."""
    response.headers["Vary"] = DEPENDS
    return response


def compressed(response: Response) -> Response:
    if "gzip" in request.environ.get("HTTP_ACCEPT_ENCODING", ""):
        response.set_data(gzip(response.get_data()))
        response.headers["Content-Encoding"] = "gzip"
    return response


def gzip(page: bytes) -> bytes:
    """By ISA-L: as small as Brotli's quick levels in a quarter of their time, and every browser reads it."""
    return isal_zlib.compress(page, 2, isal_zlib.MAX_WBITS + 16)


@cache
def _style() -> Markup:
    css = STYLE.read_text(encoding="utf-8")
    css = re.sub(r"/\*.*?\*/", "", css, flags=re.DOTALL)
    css = re.sub(r"\s+", " ", css)
    css = re.sub(r" ?([{};,>]) ?", r"\1", css).replace(": ", ":").replace(";}", "}")
    return Markup(css.strip())  # noqa: S704 - our own file
