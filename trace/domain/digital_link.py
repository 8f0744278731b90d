"""The links that labels carry: our own short one, and GS1 Digital Link (URI Syntax 1.2)."""

import calendar
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from urllib.parse import parse_qsl, quote, unquote, urlencode

from .errors import N_, InvalidInput
from .identifiers import Gtin, InvalidLotCode, LotCode
from .text import UnreadableText

_ALPHANUMERIC = re.compile(r"[0-9A-Z $%*+\-./:]*")
_STAMP = re.compile(r"/q/([^/?#]+)/([^/?#]+)", re.IGNORECASE)
_GS1_SERIAL = re.compile(r"/01/[^?#]*/21/([^/?#]+)")
_QUALIFIERS = {"22": "variant", "10": "lot", "21": "serial"}  # in the order a path has them
_DATES = {"11": "production_date", "13": "packaging_date", "15": "best_before", "17": "expiration_date"}


class InvalidDigitalLink(InvalidInput):
    code = "invalid-digital-link"
    status = 404
    message = N_("Đường liên kết GS1 này không đúng dạng. Hãy quét lại mã trên tem.")


def short_link(public_url: str, code: str, serial: str | None = None) -> str:
    """``HTTPS://HOST/Q/7K3M9XW2QT``, upper case so that a QR code keeps it in alphanumeric mode.

    Raises ``ValueError`` where ``public_url`` has a character which that mode lacks.
    """
    link = "/".join(filter(None, (public_url.rstrip("/"), "q", code, serial))).upper()
    if not _ALPHANUMERIC.fullmatch(link):
        raise ValueError(f"{link} does not fit a QR code's alphanumeric mode")
    return link


def scanned_serial(text: str) -> tuple[str, str] | None:
    """Code and serial of a stamp's link, whatever its host; the code is empty in a GS1 Digital Link. None for other text."""
    if ours := _STAMP.search(text):
        return ours[1], ours[2]
    gs1 = _GS1_SERIAL.search(text)
    return ("", gs1[1]) if gs1 else None


@dataclass(frozen=True, kw_only=True)
class DigitalLink:
    """``/01/<gtin>[/22/<variant>][/10/<lot>][/21/<serial>]`` and what may follow in the query.

    ``net_weight`` is in grams (AI 310n), below 1,000 tonnes. A lot is upper case here as everywhere. Raises what ``Gtin`` and ``LotCode`` raise, and ``RestrictedGtin``.
    """

    gtin: Gtin
    variant: str | None = None
    lot: str | None = None
    serial: str | None = None
    production_date: date | None = None
    packaging_date: date | None = None
    best_before: date | None = None
    expiration_date: date | None = None
    net_weight: int | None = None

    def __post_init__(self) -> None:
        self.gtin.linkable()
        for name in _QUALIFIERS.values():
            # All three are up to 20 characters of CSET 82 (GS1 General Specifications §3.2).
            if (value := getattr(self, name)) is not None and (
                len(value) > 20 or LotCode(value).value != value.upper()
            ):
                raise InvalidDigitalLink

    @property
    def path(self) -> str:
        parts = [f"/01/{self.gtin.value}"]
        for identifier, name in _QUALIFIERS.items():
            if value := getattr(self, name):
                parts.append(f"/{identifier}/{quote(value, safe='')}")
        return "".join(parts)

    @property
    def query(self) -> str:
        attributes = {ai: f"{day:%y%m%d}" for ai, name in _DATES.items() if (day := getattr(self, name))}
        if self.net_weight is not None:
            decimals = 3 - max(0, len(str(self.net_weight)) - 6)
            attributes[f"310{decimals}"] = f"{self.net_weight // 10 ** (3 - decimals):06}"
        return urlencode(attributes)

    def uri(self, public_url: str) -> str:
        """The whole link, its host as given; ``printed`` is what a label carries."""
        return public_url.rstrip("/") + self.path + (f"?{self.query}" if self.query else "")

    def printed(self, public_url: str) -> str:
        """As ``uri``, the host in upper case for the sake of alphanumeric mode and the rest as GS1 tells cases apart."""
        return self.uri(public_url.upper())


def parse_digital_link(path: str, query: str = "") -> DigitalLink:
    """Read a still percent-encoded path and query. A GTIN may have 8, 12, 13 or 14 digits; unknown attributes are left out.

    Raises ``InvalidDigitalLink``, or what ``Gtin`` raises for a number that is not one.
    """
    segments = path.strip("/").split("/")
    pairs = dict(zip(segments[::2], map(unquote, segments[1::2]), strict=False))
    order = [identifier for identifier in ("01", *_QUALIFIERS) if identifier in pairs]
    if segments[::2] != order or len(segments) % 2 or order[0] != "01" or not all(pairs.values()):
        raise InvalidDigitalLink
    values = dict(parse_qsl(query))
    days = {name: _day(values[identifier]) for identifier, name in _DATES.items() if identifier in values}
    try:
        return DigitalLink(
            gtin=Gtin(pairs["01"]),
            variant=pairs.get("22"),
            lot=pairs["10"].upper() if "10" in pairs else None,
            serial=pairs.get("21"),
            production_date=days.get("production_date"),
            packaging_date=days.get("packaging_date"),
            best_before=days.get("best_before"),
            expiration_date=days.get("expiration_date"),
            net_weight=_grams(values),
        )
    except (InvalidLotCode, UnreadableText):
        raise InvalidDigitalLink from None


def _day(digits: str) -> date:
    """YYMMDD of this century; day 00 means the last of the month (GS1 General Specifications §3.4.2)."""
    if not re.fullmatch(r"[0-9]{6}", digits):
        raise InvalidDigitalLink
    year, month, day = 2000 + int(digits[:2]), int(digits[2:4]), int(digits[4:])
    try:
        return date(year, month, day or calendar.monthrange(year, month)[1])
    except (ValueError, calendar.IllegalMonthError):
        raise InvalidDigitalLink from None


def _grams(values: Mapping[str, str]) -> int | None:
    """AI 310n: six digits of kilograms, n of them decimals. A fraction of a gram is dropped."""
    for decimals in range(6):
        if (digits := values.get(f"310{decimals}")) is not None:
            if not re.fullmatch(r"[0-9]{6}", digits):
                raise InvalidDigitalLink
            return int(int(digits) * 1000 // 10**decimals)
    return None
