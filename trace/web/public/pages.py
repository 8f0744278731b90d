"""How the public pages are put together: one request, no session, no account, as little work as a page can be.

A template of this room is rendered without Flask's context processors, because one of them would load the account
of the visitor.
"""

import re
from collections.abc import Callable
from functools import cache, partial
from pathlib import Path
from typing import Any

from flask import Response, current_app, request
from isal import isal_zlib
from markupsafe import Markup

from ...request.language import LANGUAGES, select_language
from ...services.wording import say
from ..headers import nonce
from . import templates

Translate = Callable[..., str]
HTML = "text/html; charset=utf-8"


def translator(language: str) -> Translate:
    """Gettext for a view of this room: a message and the values of its places, as text that is still to be escaped."""
    return partial(_say, language)


def _say(language: str, message: str, **values: object) -> str:
    return say(message, language, **values)


def render(template: str, status: int = 200, **values: Any) -> Response:
    """The page ``templates/public/<template>`` in the visitor's language."""
    language = select_language()
    html = templates.template(template, language).render(
        language=language,
        other_language="en" if language == "vi" else "vi",
        languages=LANGUAGES,
        css=_style(),
        nonce=nonce(),
        **values,
    )
    return compressed(vary(Response(html, status, content_type=HTML)))


def vary(response: Response) -> Response:
    """Say what the answer depends on besides its address."""
    response.headers["Vary"] = "Accept, Accept-Encoding, Accept-Language, Cookie"
    return response


def compressed(response: Response) -> Response:
    """Gzip by ISA-L: as small as Brotli's quick levels in a quarter of their time, and every browser reads it."""
    if "gzip" in request.environ.get("HTTP_ACCEPT_ENCODING", ""):
        response.set_data(isal_zlib.compress(response.get_data(), 2, isal_zlib.MAX_WBITS + 16))
        response.headers["Content-Encoding"] = "gzip"
    return response


@cache
def _style() -> Markup:
    css = (Path(current_app.static_folder or "") / "css" / "shopper.css").read_text(encoding="utf-8")
    css = re.sub(r"/\*.*?\*/", "", css, flags=re.DOTALL)
    css = re.sub(r"\s+", " ", css)
    css = re.sub(r" ?([{};,>]) ?", r"\1", css).replace(": ", ":").replace(";}", "}")
    return Markup(css.strip())  # noqa: S704 - our own file
