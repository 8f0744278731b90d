"""What the query string of a list asks for. A value that means nothing is no filter, never an error."""

from datetime import MAXYEAR, date, datetime
from typing import Any, TypeVar

from flask import flash, request
from flask_babel import gettext as _

from ..domain.address_lines import understand
from ..domain.businesses import BusinessKind, BusinessStatus
from ..domain.certificates import CertificateState
from ..domain.coverage import STOPPED, Progress, StageName
from ..domain.dates import parse_date
from ..domain.errors import TraceError
from ..domain.labelled import Labelled
from ..domain.products import Commodity
from ..domain.text import clean
from ..services.clock import today
from ..storage.addresses import gazetteer
from ..storage.coverage import Match
from ..storage.standings import Behind

Kind = TypeVar("Kind", bound=Labelled)


def text(name: str) -> str:
    try:
        return clean(request.args.get(name, ""))[:100]
    except TraceError:
        return ""


def choice(kind: type[Kind], name: str) -> Kind | None:
    try:
        return kind(request.args.get(name, ""))
    except ValueError:
        return None


def match() -> Match | None:
    return next((each for each in Match if each.value == request.args.get("match")), None)


def identifier(name: str) -> int | None:
    typed = request.args.get(name, "")
    return int(typed) if typed.isdecimal() and typed.isascii() and len(typed) < 16 else None


def identifiers(name: str) -> list[int]:
    """All that were chosen, each once."""
    typed = [each for each in request.args.getlist(name) if each.isdecimal() and each.isascii() and len(each) < 16]
    return list(dict.fromkeys(map(int, typed)))


def day(name: str) -> date | None:
    try:
        found = parse_date(request.args.get(name, ""))
    except TraceError:
        return None
    return found if found.year < MAXYEAR else None


def kept_day() -> date | None:
    """The day whose kept figures are asked for, None for now. Raises InvalidDate: other figures would mislead."""
    typed = text("day")
    return parse_date(typed, field="day") if typed else None


def commune_code() -> str:
    """The code of the commune that was typed, also a former one; says so where none is understood."""
    typed = text("commune")
    if not typed:
        return ""
    reading = understand(gazetteer(), typed)
    if reading.commune is None:
        reading = understand(gazetteer(), f"{typed}, Hà Nội")
    if reading.commune is None:
        if reading.note:
            flash(_(reading.note.message, **reading.note.values), "warning")
        return ""
    return reading.commune.code


def of_standings(at: datetime | None) -> Behind:
    """Which of those behind a figure of a moment: by progress, or by the stage that they did not reach."""
    step, stage = choice(Progress, "progress"), choice(StageName, "stage")
    kind, commodity = choice(BusinessKind, "kind"), choice(Commodity, "commodity")
    return Behind(
        steps=[step] if step else STOPPED.get(stage, ()) if stage else (),
        commune=commune_code(),
        kind=kind.value if kind else "",
        commodity=commodity.value if commodity else "",
        chain=text("chain"),
        search=text("q"),
        at=at,
    )


def of_businesses() -> dict[str, Any]:
    """The filters of ``storage.register.businesses_where``."""
    return {
        "search": text("q"),
        "kind": choice(BusinessKind, "kind"),
        "status": choice(BusinessStatus, "status"),
        "commune_code": commune_code(),
        "certificates": choice(CertificateState, "certificates"),
        "on": today(),
    }


def of_risks() -> dict[str, Any]:
    """The filters of ``storage.risks.risks_where``."""
    return {
        "search": text("q"),
        "kind": choice(BusinessKind, "kind"),
        "commune_code": commune_code(),
        "commodity": choice(Commodity, "commodity"),
    }
