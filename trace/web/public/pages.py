"""How the public pages are put together: one request, no session, no account, as little work as a page can be.

A template of this room is rendered without Flask's context processors, because one of them would load the account
of the visitor, and with a gettext that is a dictionary look-up.
"""

import re
from collections.abc import Callable
from functools import cache, partial
from pathlib import Path
from typing import Any

from flask import Response, current_app
from jinja2 import Template
from markupsafe import Markup

from ...domain.dates import format_date, format_moment
from ...domain.public_code import grouped
from ...request.language import LANGUAGES, select_language
from ...services.wording import say
from ..headers import nonce

Translate = Callable[..., str]
HTML = "text/html; charset=utf-8"


def translator(language: str) -> Translate:
    """``_`` for a template: a message and the values of its places, as text that is still to be escaped."""
    return partial(_say, language)


def _say(language: str, message: str, **values: object) -> str:
    return say(message, language, **values)


def render(template: str, status: int = 200, **values: Any) -> Response:
    """The page ``templates/public/<template>`` in the visitor's language."""
    language = select_language()
    html = _template(template).render(
        _=translator(language),
        language=language,
        other_language="en" if language == "vi" else "vi",
        languages=LANGUAGES,
        day=format_date,
        moment=format_moment,
        grouped=grouped,
        icon=_icon,
        css=_style(),
        nonce=nonce(),
        **values,
    )
    return vary(Response(html, status, content_type=HTML))


def vary(response: Response) -> Response:
    """Say what the answer depends on besides its address."""
    response.headers["Vary"] = "Accept, Accept-Language, Cookie"
    return response


def _template(name: str) -> Template:
    return current_app.jinja_env.get_template(f"public/{name}")


@cache
def _icon(name: str) -> Markup:
    return Markup('<svg class="i" aria-hidden="true"><use href="#%s"/></svg>') % name


@cache
def _style() -> Markup:
    css = (Path(current_app.static_folder or "") / "css" / "shopper.css").read_text(encoding="utf-8")
    css = re.sub(r"/\*.*?\*/", "", css, flags=re.DOTALL)
    css = re.sub(r"\s+", " ", css)
    css = re.sub(r" ?([{};,>]) ?", r"\1", css).replace(": ", ":").replace(";}", "}")
    return Markup(css.strip())  # noqa: S704 - our own file
