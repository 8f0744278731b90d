"""From what a person wrote to a commune in force."""

from collections.abc import Sequence
from dataclasses import dataclass

from ..domain.address_lines import AddressReading, understand
from ..domain.addresses import Commune, Note
from ..domain.errors import N_, InvalidInput
from ..domain.place_names import without_kind
from ..domain.text import clean
from ..storage.addresses import gazetteer


@dataclass(frozen=True)
class Address:
    """``former`` is what was written where it named an abolished unit, and ``note`` says what became of it."""

    commune: Commune
    street: str = ""
    former: str = ""
    note: Note | None = None


class CommuneUnclear(InvalidInput):
    """What was written names no commune in force, or several: then ``alternatives`` holds them."""

    code = "commune-unclear"

    def __init__(self, note: Note, alternatives: Sequence[Commune]) -> None:
        super().__init__(note.message, field="commune", **note.values)
        self.alternatives = alternatives


def settle_address(
    *, commune: str, province_code: str = "", street: str = "", chosen: str = "", former: str = ""
) -> Address:
    """Read the commune as written, in ``province_code`` unless it names a province itself.

    ``chosen`` is the code of one of the alternatives that an earlier CommuneUnclear offered; ``former`` the abolished
    unit from which a person came to this commune, kept where it really led here. Raises InvalidInput, CommuneUnclear.
    """
    if not (written := clean(commune)):
        raise InvalidInput(N_("Hãy nhập xã, phường hoặc đặc khu."), field="commune")
    reading = _read(written, province_code)
    alternative = next((each for each in reading.alternatives if each.code == chosen), None)
    found = alternative or reading.commune
    if found is None:
        assert reading.note  # an address that was not understood always says so  # noqa: S101
        raise CommuneUnclear(reading.note, reading.alternatives)
    is_former = reading.note is not None and reading.commune is not None
    return Address(
        commune=found,
        street=clean(", ".join(filter(None, [street, reading.street]))),
        former=written if is_former else clean(former) if _led_to(former, found) else "",
        note=reading.note if is_former and alternative is None else None,
    )


def _led_to(former: str, commune: Commune) -> bool:
    reading = understand(gazetteer(), former)
    return reading.note is not None and commune in (reading.commune, *reading.alternatives)


def _read(written: str, province_code: str) -> AddressReading:
    places = gazetteer()
    province = next((each for each in places.provinces() if each.code == province_code), None)
    names_province = "," in written and places.province_codes(without_kind(written.rsplit(",", 1)[1].strip()))
    if province is None or names_province:
        return understand(places, written)
    return understand(places, f"{written}, {province.name}")
