"""One-line addresses, as spreadsheets and older papers have them, read into a street line and a commune in force.

"Thôn 3, xã Văn Đức, huyện Gia Lâm, TP Hà Nội" names a commune and a district that are gone; the reading says what they became.
A reading never guesses between two places: it asks.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import lru_cache

from .addresses import Commune, FormerCommune, Gazetteer, Note, Succession
from .errors import N_
from .place_names import COMMUNE_KINDS, COMMUNE_PATTERN, KIND_PATTERN, accent_key, name_key, split_kind
from .text import clean, fold

# A comma, or the space before the next unit where commas were left out; Tân Xã and Phường Đúc are names.
_BREAK = re.compile(rf"\s*[,;]\s*|(?<!thị)(?<!phường)\s+(?=(?:{KIND_PATTERN})\s*[^\s,;])", re.IGNORECASE)
# The street, and the place from the last commune that says its kind: houses of one street have the same place.
_STREET_AND_PLACE = re.compile(rf"(.+)[,;]\s*((?:{COMMUNE_PATTERN}).*)", re.IGNORECASE)
_UNACCENTED_KIND = re.compile(r"(xa|phuong|thi tran|dac khu|huyen|quan|thi xa|thanh pho|tinh) +", re.IGNORECASE)
_ACCENTED = {
    fold(kind): kind for kind in ("xã", "phường", "thị trấn", "đặc khu", "huyện", "quận", "thị xã", "thành phố", "tỉnh")
}


class How(StrEnum):
    """How the commune of a reading was found."""

    EXACT = "exact"
    FORMER_WHOLE = "former whole"
    FORMER_MAIN_PART = "former main part"
    FORMER_PART = "former part"
    AMBIGUOUS = "ambiguous"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class AddressReading:
    """``note`` says what a person should know or do; ``alternatives`` are the other communes it could be."""

    street: str
    commune: Commune | None
    how: How
    note: Note | None = None
    alternatives: tuple[Commune, ...] = ()


@dataclass(frozen=True, slots=True)
class _Part:
    start: int
    text: str
    kind: str
    name: str  # with its kind spelled out: "H. Gia Lâm" → "huyện Gia Lâm"


def understand(gazetteer: Gazetteer, text: str) -> AddressReading:
    """Read an address of today or from before 1 July 2025; raises only for unreadable text."""
    line = re.sub(r"[\s,;]+\d{5,6}$", "", clean(text))  # a postal code
    if found := _STREET_AND_PLACE.fullmatch(line):
        reading = _read(gazetteer, found[2])
        if reading.commune:
            return replace(reading, street=", ".join(filter(None, [found[1].rstrip(" ,;-"), reading.street])))
    reading = _read(gazetteer, line)
    if reading.how is How.UNKNOWN and " - " in line:  # Văn Đức - Gia Lâm - Hà Nội
        second = _read(gazetteer, line.replace(" - ", ", "))
        return second if second.how is not How.UNKNOWN else reading
    return reading


@lru_cache(4096)  # a long list names the same few places
def _read(gazetteer: Gazetteer, line: str) -> AddressReading:
    parts = _parts(gazetteer, line)
    province = _pop_province(gazetteer, parts)
    district = _pop_district(gazetteer, parts)
    within = gazetteer.province_codes(province.name) if province else None
    of_district = _within(gazetteer.communes_of_district(district.name), within) if district else []
    part = next((part for part in reversed(parts) if part.kind in COMMUNE_KINDS), None)
    if part is None and parts and not parts[-1].kind and not name_key(parts[-1].name).isdigit():
        part = parts[-1]
    units = _units(gazetteer, part.name, within) if part else []
    if part is None or not units:
        return _unknown(line, of_district)

    street = ", ".join(filter(None, [line[: part.start].rstrip(" ,;-"), *_after(parts, part)]))
    fitting = [unit for unit in units if not district or _lies_in(unit, district, of_district)]
    if not fitting:
        return _ask(street, part.text, (_now(unit) for unit in units), district)
    if not part.kind and (same_name := _within(gazetteer.communes_of_district(part.name), within)):
        # "Đông Anh, Hà Nội" may mean the commune or the whole of the former district.
        return _ask(street, part.text, [*(_now(unit) for unit in fitting), *same_name])
    likeness = [_likeness(unit, part, district, province) for unit in fitting]
    chosen = [unit for unit, alike in zip(fitting, likeness, strict=True) if alike == max(likeness)]
    if len({_now(unit) for unit in chosen}) > 1:
        return _ask(street, part.text, (_now(unit) for unit in chosen))
    return _found(street, chosen[0])


def _parts(gazetteer: Gazetteer, line: str) -> list[_Part]:
    parts = []
    start = 0
    for end, following in [*((found.start(), found.end()) for found in _BREAK.finditer(line)), (len(line), len(line))]:
        text = line[start:end].strip(" .-")
        kind, name = split_kind(text)
        if not kind and not any(gazetteer.named(text)) and (found := _UNACCENTED_KIND.match(text)):
            kind, name = _ACCENTED[found[1].casefold()], text[found.end() :]
        if text:
            parts.append(_Part(start, text, kind, f"{kind} {name}".strip()))
        start = following
    if parts and name_key(parts[-1].text) in {"vietnam", "vn"}:
        parts.pop()
    return parts


def _pop_province(gazetteer: Gazetteer, parts: list[_Part]) -> _Part | None:
    last = parts[-1] if parts else None
    if last and last.kind in {"", "tỉnh", "thành phố"} and gazetteer.province_codes(last.name):
        return parts.pop()
    return None


def _pop_district(gazetteer: Gazetteer, parts: list[_Part]) -> _Part | None:
    last = parts[-1] if parts else None
    if last and last.kind in {"huyện", "quận", "thị xã", "thành phố"}:
        return parts.pop()
    if last and not last.kind and len(parts) > 1:  # "Văn Đức, Gia Lâm": a district if it had such a commune
        former = gazetteer.named(parts[-2].name)[1]
        if any(name_key(unit.district) == name_key(last.name) for unit in former):
            return parts.pop()
    return None


def _units(gazetteer: Gazetteer, name: str, within: set[str] | None) -> list[Commune | FormerCommune]:
    communes, former = gazetteer.named(name)
    units: list[Commune | FormerCommune] = [*communes, *former]
    return [unit for unit in units if within is None or _now(unit).province.code in within]


def _within(communes: Iterable[Commune], provinces: set[str] | None) -> list[Commune]:
    found = (commune for commune in communes if provinces is None or commune.province.code in provinces)
    return sorted(found, key=lambda commune: commune.code)


def _now(unit: Commune | FormerCommune) -> Commune:
    return unit if isinstance(unit, Commune) else unit.successors[0][0]


def _lies_in(unit: Commune | FormerCommune, district: _Part, of_district: list[Commune]) -> bool:
    if isinstance(unit, Commune):
        return unit in of_district
    return name_key(unit.district) == name_key(district.name)


def _likeness(
    unit: Commune | FormerCommune, part: _Part, district: _Part | None, province: _Part | None
) -> tuple[bool, ...]:
    """How well a unit fits what was written, weightiest first; a district says that the address is an old one."""
    former = unit if isinstance(unit, FormerCommune) else None
    province_name = former.province if former else _now(unit).province.name
    return (
        not (former and district and district.kind) or split_kind(former.district)[0] == district.kind,
        province is None or name_key(province_name) == name_key(province.name),
        accent_key(unit.name) == accent_key(part.name),
        split_kind(unit.name)[0] == part.kind,
        bool(former) == bool(district),
    )


def _after(parts: list[_Part], part: _Part) -> list[str]:
    return [later.text for later in parts if later.start > part.start]


def _found(street: str, unit: Commune | FormerCommune) -> AddressReading:
    if isinstance(unit, Commune):
        return AddressReading(street, unit, How.EXACT)
    (commune, succession), *others = unit.successors
    how = {
        Succession.WHOLE: How.FORMER_WHOLE,
        Succession.MAIN_PART: How.FORMER_MAIN_PART,
        Succession.PART: How.FORMER_PART,
    }[succession]
    return AddressReading(street, commune, how, unit.became(commune), tuple(other for other, _ in others))


def _ask(street: str, name: str, communes: Iterable[Commune], district: _Part | None = None) -> AddressReading:
    alternatives = tuple(dict.fromkeys(communes))
    places = "; ".join(commune.full_name for commune in alternatives[:3]) + ("; …" if len(alternatives) > 3 else "")
    if district:
        message = N_("Không có “%(name)s” thuộc “%(district)s”. Có phải là %(places)s? Hãy chọn lại xã, phường.")
        note = Note(message, {"name": name, "district": district.text, "places": places})
    else:
        message = N_("“%(name)s” có thể là nhiều nơi: %(places)s. Hãy chọn một xã, phường hoặc ghi rõ hơn.")
        note = Note(message, {"name": name, "places": places})
    return AddressReading(street, None, How.AMBIGUOUS, note, alternatives)


def _unknown(line: str, of_district: list[Commune]) -> AddressReading:
    if not line:
        return AddressReading("", None, How.UNKNOWN, Note(N_("Chưa có địa chỉ.")))
    message = N_(
        "Chưa nhận ra xã, phường trong “%(text)s”. Hãy ghi số nhà, thôn hoặc đường, rồi tên xã, phường và tỉnh, thành phố."
    )
    return AddressReading(line, None, How.UNKNOWN, Note(message, {"text": line}), tuple(of_district))
