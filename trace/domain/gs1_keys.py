"""One spelling for every way to write a GS1 key as a URI (CBV 2.0 §8.9.2, rules on EPC URIs and Digital Links)."""

import re
from urllib.parse import quote, unquote

from .identifiers import check_digit

# EPC scheme → AI of its key, digits of company prefix and reference together, and the AI of a serial, lot or
# extension; "" appends it to the key (GS1 EPC Tag Data Standard §6.3).
_SCHEMES = {
    "sgtin": ("01", 13, "21"),
    "lgtin": ("01", 13, "10"),
    "sscc": ("00", 17, None),
    "sgln": ("414", 12, "254"),
    "pgln": ("417", 12, None),
    "grai": ("8003", 12, ""),
    "gdti": ("253", 12, ""),
    "gsrn": ("8018", 17, None),
    "gsrnp": ("8017", 17, None),
}
_EPC = re.compile(r"urn:epc:(?:id|class|idpat):([a-z]+):(\d{6,12})\.(\d*)(?:\.(.+))?", re.ASCII)
_GIAI = re.compile(r"urn:epc:id:giai:(\d{6,12})\.(.{1,24})", re.ASCII)
_LINK = re.compile(
    r"https?://[^/?#]+(?:/[^?#]*?)?/(00|01|253|255|401|402|414|417|8003|8004|8017|8018)/(\d{4}[^/?#]*)((?:/[^/?#]+/[^/?#]+)*)/?"
    r"(?:[?#].*)?",
    re.ASCII,
)
_FINEST = {"01": ("21", "235", "10"), "414": ("254",)}  # only the first qualifier present is kept


def canonical_key(uri: str) -> str:
    """The canonical ``https://id.gs1.org/…`` of an EPC URI or GS1 Digital Link; any other URI comes back as it is.

    The domain becomes GS1's, the query goes, and of the qualifiers only the finest stays.
    """
    if match := _GIAI.fullmatch(uri):
        return f"https://id.gs1.org/8004/{match[1]}{_encoded(match[2])}"
    if match := _EPC.fullmatch(uri):
        return _from_epc(*match.groups()) or uri
    if match := _LINK.fullmatch(uri):
        return _from_link(*match.groups())
    return uri


def _from_epc(scheme: str, company: str, reference: str, extension: str | None) -> str | None:
    key, length, qualifier = _SCHEMES.get(scheme, (None, 0, None))
    if key is None or len(company + reference) != length:
        return None
    # The indicator or extension digit stands first in the number, but behind the company prefix in the EPC.
    digits = reference[:1] + company + reference[1:] if scheme in ("sgtin", "lgtin", "sscc") else company + reference
    digits += str(check_digit(digits))
    if key == "8003":
        digits = "0" + digits
    if extension in (None, "*") or qualifier is None or (qualifier == "254" and extension == "0"):
        return f"https://id.gs1.org/{key}/{digits}"
    separator = f"/{qualifier}/" if qualifier else ""
    return f"https://id.gs1.org/{key}/{digits}{separator}{_encoded(extension)}"


def _from_link(key: str, value: str, qualifiers: str) -> str:
    if key == "01":
        value = value.zfill(14)
    segments = qualifiers.strip("/").split("/")
    given = dict(zip(segments[::2], segments[1::2], strict=False))
    finest = next((f"/{name}/{_encoded(given[name])}" for name in _FINEST.get(key, ()) if name in given), "")
    return f"https://id.gs1.org/{key}/{value}{finest}"


def _encoded(value: str | None) -> str:
    return quote(unquote(value or ""), safe="\"'-.;<=>?_")
