"""How pages write dates, amounts, links and names."""

import hashlib
from datetime import date, datetime
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

from flask import Flask, current_app, request, url_for
from flask_babel import format_decimal, gettext
from flask_login import current_user

from ..domain import dates, public_code
from ..domain.labelled import Labelled
from ..domain.permissions import Permission, allowed
from ..domain.plans import Period, format_value
from ..domain.quantities import Unit, format_amount, percentage
from ..domain.sensors import format_degrees
from ..request.access import current_actor
from ..request.language import LANGUAGES, select_language
from ..services.phones import format_phone
from ..storage.addresses import gazetteer


def amount(value: int, unit: Unit) -> str:
    return format_amount(value, unit, select_language())


def kilograms(grams: int) -> str:
    return amount(grams, Unit.KGM)


def degrees(tenths: float) -> str:
    return format_degrees(tenths, select_language())


def number(value: int) -> str:
    """Thousands set apart as the reader writes them."""
    text = f"{value:,}"
    return text if select_language() == "en" else text.replace(",", ".")


def measure(value: float) -> str:
    """``38,1``: a length or a percentage"""
    return str(format_decimal(value, "0.##"))


def decimal(value: Decimal | None) -> str:
    return "–" if value is None else format_value(value, select_language())


def period(value: Period) -> str:
    text: str = gettext(value.title, year=value.year)
    return text


def percent(numerator: int, denominator: int) -> str:
    """One decimal; a dash where there is nothing to divide by."""
    share = percentage(numerator, denominator)
    if share is None:
        return "–"
    text = f"{share}%"
    return text if select_language() == "en" else text.replace(".", ",")


def day(value: date | datetime | None) -> str:
    if value is None:
        return "–"
    return dates.format_date(dates.vietnam_date(value) if isinstance(value, datetime) else value)


def iso_day(value: str) -> str:
    """A day that was kept in JSON."""
    return dates.format_date(date.fromisoformat(value))


def moment(value: datetime | None) -> str:
    return "–" if value is None else dates.format_moment(value)


def place(commune_code: str) -> str:
    """``Xã Bát Tràng, Hà Nội``: names of places are not translated."""
    name: str = gazetteer().commune(commune_code).full_name
    return name


def label(value: Labelled) -> str:
    text: str = gettext(value.label)
    return text


@cache
def _fingerprint(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()[:12]


def static_url(filename: str) -> str:
    """A static file's address, which changes with its content, so that it may be kept for a year."""
    folder = Path(current_app.static_folder or "")
    return url_for("static", filename=filename, v=_fingerprint(folder / filename))


def may(permission: str, business_id: int | None = None) -> bool:
    """Whether the signed-in person holds a permission; for showing and hiding, never instead of the guard."""
    return bool(current_user.is_authenticated) and allowed(current_actor(), Permission(permission), business_id)


def asked(*without: str) -> dict[str, str]:
    """The query string's values that a link of ours may repeat: never one that would steer ``url_for`` itself."""
    places = {"endpoint", *(request.view_args or {}), *without}
    return {name: value for name, value in request.args.items() if value and name[:1] != "_" and name not in places}


def in_language(code: str) -> str:
    """This page's address in another language."""
    place: dict[str, Any] = {**(request.view_args or {}), **asked("lang"), "lang": code}
    return url_for(request.endpoint or "public.home", **place)


def init_app(app: Flask) -> None:
    app.jinja_env.filters.update(
        amount=amount,
        kilograms=kilograms,
        number=number,
        decimal=decimal,
        measure=measure,
        period=period,
        day=day,
        moment=moment,
        iso_day=iso_day,
        label=label,
        grouped=public_code.grouped,
        phone=format_phone,
        place=place,
    )
    app.jinja_env.globals.update(
        percent=percent,
        static_url=static_url,
        may=may,
        asked=asked,
        in_language=in_language,
        languages=LANGUAGES,
        language=select_language,
    )
