"""Addresses since 1 July 2025: province → commune → street line, with no district between (Luật 72/2025/QH15).

Older papers still name districts and communes that are gone, so the gazetteer knows those too and says what became of them.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from .errors import N_, InvalidInput
from .place_names import lower_kind, name_key, name_words, search_parts, without_kind
from .text import clean

HA_NOI = "01"

_SPOKEN_PROVINCES = {
    "hcm": "hochiminh",
    "tphcm": "hochiminh",
    "saigon": "hochiminh",
    "hn": "hanoi",
    "thuathienhue": "hue",
}


class UnknownCommune(InvalidInput):
    """No commune in force has this code."""

    code = "unknown-commune"
    message = N_(
        "Không có xã, phường này trong danh sách đơn vị hành chính hiện hành. Hãy gõ tên rồi chọn trong danh sách gợi ý."
    )


class Succession(StrEnum):
    """How much of a former commune a commune in force took over."""

    WHOLE = "whole"
    MAIN_PART = "main part"
    PART = "part"


@dataclass(frozen=True, slots=True)
class Note:
    """A sentence to translate: ``message`` is the gettext id, ``values`` fill its named places."""

    message: str
    values: Mapping[str, object] = field(default_factory=dict)

    def __str__(self) -> str:
        return self.message % self.values


@dataclass(frozen=True, slots=True)
class Province:
    code: str
    name: str

    @property
    def short_name(self) -> str:
        return without_kind(self.name)


@dataclass(frozen=True, slots=True)
class Commune:
    """A commune in force. The centre point (WGS 84) is the only position that may be shown to the public."""

    code: str
    name: str
    province: Province
    latitude: float
    longitude: float
    area_km2: float | None

    @property
    def short_name(self) -> str:
        return without_kind(self.name)

    @property
    def full_name(self) -> str:
        """As people write it: ``Xã Bát Tràng, Hà Nội``."""
        return f"{self.name}, {self.province.short_name}"


@dataclass(frozen=True, slots=True)
class FormerCommune:
    """A commune-level unit that existed before 1 July 2025; ``successors`` start with the one that took most of it."""

    code: str
    name: str
    district: str
    province: str
    successors: tuple[tuple[Commune, Succession], ...]

    @property
    def full_name(self) -> str:
        return f"{self.name}, {self.district}, {self.province}"

    def became(self, commune: Commune) -> Note:
        """What to tell a person whose address named this unit when ``commune`` was chosen for it."""
        how = dict(self.successors)[commune]
        others = [self._now(other) for other, _ in self.successors if other != commune]
        former = self.name if how is Succession.WHOLE else lower_kind(self.name)
        values = {"former": former, "district": lower_kind(self.district), "commune": self._now(commune)}
        match how:
            case Succession.WHOLE:
                return Note(N_("%(former)s (%(district)s cũ) nay thuộc %(commune)s."), values)
            case Succession.MAIN_PART:
                message = N_(
                    "Phần lớn %(former)s (%(district)s cũ) nay thuộc %(commune)s, phần còn lại thuộc %(others)s. Hãy kiểm tra lại."
                )
            case Succession.PART:
                message = N_(
                    "Một phần %(former)s (%(district)s cũ) nay thuộc %(commune)s, phần còn lại thuộc %(others)s. Hãy kiểm tra lại."
                )
        return Note(message, {**values, "others": ", ".join(others)})

    def _now(self, commune: Commune) -> str:
        name = lower_kind(commune.name)
        return name if commune.province.name == self.province else f"{name}, {lower_kind(commune.province.name)}"


@dataclass(frozen=True, slots=True)
class Suggestion:
    """One line of the type-ahead: ``commune`` is what is chosen, ``former`` the old unit that was typed, if one was."""

    commune: Commune
    former: FormerCommune | None = None

    @property
    def note(self) -> Note | None:
        return self.former.became(self.commune) if self.former else None


@dataclass(frozen=True, slots=True)
class _Entry:
    unit: Commune | FormerCommune
    name: str  # folded words, each after one space: " bat trang"
    words: str  # the name, district and province likewise

    def suggestions(self, province_code: str | None) -> Iterator[Suggestion]:
        if isinstance(self.unit, Commune):
            found = [Suggestion(self.unit)]
        else:
            found = [Suggestion(commune, self.unit) for commune, _ in self.unit.successors]
        return (each for each in found if province_code in (None, each.commune.province.code))


class Gazetteer:
    """Every commune in force and every former one, indexed once; all look-ups are in memory."""

    def __init__(self, communes: Iterable[Commune], former: Iterable[FormerCommune]) -> None:
        self._communes = {commune.code: commune for commune in communes}
        self._provinces = {commune.province.code: commune.province for commune in self._communes.values()}
        self._named: dict[str, list[Commune]] = defaultdict(list)
        self._formerly_named: dict[str, list[FormerCommune]] = defaultdict(list)
        self._province_codes: dict[str, set[str]] = defaultdict(set)
        self._districts: dict[str, set[Commune]] = defaultdict(set)
        entries: list[tuple[tuple[bool, bool, str], _Entry]] = []
        for commune in self._communes.values():
            self._named[name_key(commune.name)].append(commune)
            self._province_codes[name_key(commune.province.name)].add(commune.province.code)
            entries.append(_entry(commune, commune.province.code, commune.province.name))
        for unit in former:
            self._formerly_named[name_key(unit.name)].append(unit)
            self._districts[name_key(unit.district)].update(commune for commune, _ in unit.successors)
            home = unit.successors[0][0].province.code
            self._province_codes[name_key(unit.province)].add(home)
            entries.append(_entry(unit, home, unit.district, unit.province))
        self._starting: dict[str, list[_Entry]] = defaultdict(list)  # by the first one, two and three letters of a word
        for _, entry in sorted(entries, key=lambda ranked: ranked[0]):
            for start in {word[:length] for word in entry.words.split() for length in (1, 2, 3)}:
                self._starting[start].append(entry)

    def commune(self, code: str) -> Commune:
        """Raises ``UnknownCommune``."""
        try:
            return self._communes[code]
        except KeyError:
            raise UnknownCommune(field="commune") from None

    def provinces(self) -> list[Province]:
        """All provinces by official code, so Hà Nội comes first."""
        return [self._provinces[code] for code in sorted(self._provinces)]

    def communes(self, province_code: str | None = None) -> list[Commune]:
        """The communes of one province, or all, by official code."""
        return [each for each in self._communes.values() if province_code in (None, each.province.code)]

    def former_communes(self) -> list[FormerCommune]:
        return [unit for units in self._formerly_named.values() for unit in units]

    def named(self, name: str) -> tuple[list[Commune], list[FormerCommune]]:
        """The communes in force and the former ones of this name, whatever its case, accents and kind."""
        key = name_key(name)
        return self._named.get(key, []), self._formerly_named.get(key, [])

    def province_codes(self, name: str) -> set[str]:
        """Where a province of this name, in force or former, is now; empty if there was none."""
        key = name_key(name)
        return self._province_codes.get(_SPOKEN_PROVINCES.get(key, key), set())

    def communes_of_district(self, name: str) -> set[Commune]:
        """The communes that hold some of a former district; empty if there was none of this name."""
        return self._districts.get(name_key(name), set())

    def search(self, text: str, *, province_code: str | None = None, limit: int = 8) -> list[Suggestion]:
        """Type-ahead over names in force and former, each commune at most once.

        Best first: the whole name, its beginning, the beginning of a word in it, words of its district or province;
        within each, Hà Nội, then names in force.
        """
        found: dict[str, Suggestion] = {}
        for parts in search_parts(clean(text)):
            for entry in self._ranked(parts[0], [word for part in parts[1:] for word in part]):
                for suggestion in entry.suggestions(province_code):
                    found.setdefault(suggestion.commune.code, suggestion)
                if len(found) >= limit:
                    return list(found.values())[:limit]
        return list(found.values())

    def _ranked(self, name: list[str], around: list[str]) -> Iterator[_Entry]:
        query = " " + " ".join(name)
        nearby = min((self._starting.get(word[:3], []) for word in name), key=len, default=[])
        if around:
            nearby = [entry for entry in nearby if all(f" {word}" in entry.words for word in around)]
        # One lazy pass for each rank: a short query, which much of the country answers to, stops early.
        yield from (entry for entry in nearby if entry.name == query)
        yield from (entry for entry in nearby if entry.name.startswith(query) and entry.name != query)
        yield from (entry for entry in nearby if entry.name.find(query) > 0)
        yield from (
            entry for entry in nearby if query not in entry.name and all(f" {word}" in entry.words for word in name)
        )


def _entry(unit: Commune | FormerCommune, province_code: str, *around: str) -> tuple[tuple[bool, bool, str], _Entry]:
    name = " " + " ".join(name_words(unit.name))
    words = " ".join([name, *(word for part in around for word in name_words(part))])
    return (province_code != HA_NOI, isinstance(unit, FormerCommune), name), _Entry(unit, name, words)
