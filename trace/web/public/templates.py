"""The templates of this room, compiled once for each language.

A constant message is translated when its template is compiled, so that the page of a batch consists of a few long
texts with the facts between them. Templates say ``_("…")`` as everywhere, with a constant message and nothing else:
``|format`` fills its places, and ``|say`` translates what only the facts decide. Filters, not functions, because
Jinja calls those without a detour. Addresses are written out, without ``url_for``: those of this room are printed on
labels and never change.
"""

from collections.abc import Iterable
from datetime import date, datetime
from functools import cache, lru_cache, partial
from pathlib import Path
from typing import Any

from flask.helpers import get_debug_flag
from jinja2 import Environment, FileSystemLoader, Template
from jinja2.ext import Extension
from jinja2.lexer import Token, TokenStream
from markupsafe import Markup, _escape_inner, escape  # type: ignore[attr-defined]

from ...domain import stamps
from ...domain.dates import format_date, format_moment, start_of_day, vietnam_date
from ...domain.public_batches import PublicStep
from ...domain.public_code import grouped
from ...domain.sensors import format_degrees
from ...services.phones import format_phone
from ...services.wording import say

TEMPLATES = Path(__file__).resolve().parents[3] / "templates"
LATE_DAYS = 2  # a step written down later than this says so


def template(name: str, language: str) -> Template:
    """``templates/public/<name>`` in a language."""
    return _environment(language).get_template(f"public/{name}")


class _QuickTemplate(Template):
    """Escapes text without wrapping each piece in an object that only says that it is escaped."""

    @classmethod
    def from_code(cls, *args: Any, **kwargs: Any) -> Template:
        compiled: Template = super().from_code(*args, **kwargs)
        compiled.root_render_func.__globals__["escape"] = _escape  # the code that Jinja generates calls it by this name
        return compiled


def _escape(value: Any) -> str:
    return _escape_inner(value) if type(value) is str else escape(value)


@cache
def _environment(language: str) -> Environment:
    environment = Environment(
        loader=FileSystemLoader(TEMPLATES),
        extensions=[_in(language)],
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=get_debug_flag(),
    )
    environment.template_class = _QuickTemplate
    environment.globals = {}  # these templates need none, and each page would copy them
    environment.filters |= {
        "celsius": partial(_celsius, language),
        "day": format_date,
        "grouped": grouped,
        "icon": _icon,
        "late": _late,
        "moment": format_moment,
        "phone": lru_cache(maxsize=4096)(format_phone),
        "serial": stamps.grouped,
        "say": partial(say, locale=language),
        "when": _when,
    }
    return environment


def _in(language: str) -> type[Extension]:
    class ConstantMessages(Extension):
        def filter_stream(self, stream: TokenStream) -> Iterable[Token]:
            tokens = list(stream)
            place = 0
            while place < len(tokens):
                here = tokens[place : place + 4]
                if [token.type for token in here] == ["name", "lparen", "string", "rparen"] and here[0].value == "_":
                    yield Token(here[0].lineno, "string", say(here[2].value, language))
                    place += 4
                else:
                    yield here[0]
                    place += 1

    return ConstantMessages


@cache
def _icon(name: str) -> Markup:
    return Markup('<svg class="i" aria-hidden="true"><use href="#%s"/></svg>') % name


def _celsius(language: str, step: PublicStep) -> str:
    """``4,1–9,5 °C``."""
    ends = [format_degrees(10 * each, language) for each in (step.coldest, step.warmest) if each is not None]
    return f"{'–'.join(dict.fromkeys(ends))} °C"


def _when(moment: datetime) -> str:
    """Without a time of day where only the day is known, which is kept as its beginning."""
    day = vietnam_date(moment)
    return format_date(day) if moment == start_of_day(day) else format_moment(moment)


def _late(step: PublicStep) -> date | None:
    """The day a step was written down, where that is days after it happened."""
    if step.at is None or step.recorded_at is None:
        return None
    recorded = vietnam_date(step.recorded_at)
    return recorded if (recorded - vietnam_date(step.at)).days > LATE_DAYS else None
