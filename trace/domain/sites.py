"""Places where something happens to a batch."""

import re
from collections.abc import Collection
from itertools import count

from .errors import N_, InvalidInput
from .labelled import Labelled
from .text import clean, fold

CODE_LENGTH = 8  # leaves room for the date and number in a lot code of 20 characters


class SiteKind(Labelled):
    GROWING_AREA = "growing_area", N_("Vùng trồng")
    ANIMAL_FARM = "animal_farm", N_("Cơ sở nuôi")
    PACKING_HOUSE = "packing_house", N_("Nhà sơ chế, đóng gói")
    STORE = "store", N_("Kho bảo quản")
    SHOP = "shop", N_("Điểm bán")

    @property
    def produces(self) -> bool:
        """Food begins here, so a diary is kept."""
        return self in (SiteKind.GROWING_AREA, SiteKind.ANIMAL_FARM)


class InvalidSiteCode(InvalidInput):
    code = "invalid-site-code"
    message = N_("Mã địa điểm gồm 1–8 chữ không dấu hoặc số, ví dụ VD1.")


def site_code(typed: str) -> str:
    """Upper case. Raises ``InvalidSiteCode``."""
    code = clean(typed).upper()
    if not re.fullmatch(f"[A-Z0-9]{{1,{CODE_LENGTH}}}", code):
        raise InvalidSiteCode(field="code")
    return code


def proposed_code(name: str, taken: Collection[str]) -> str:
    """The initials of ``name`` ("Vùng rau Văn Đức" → "VRVD"), numbered where the business already uses them."""
    initials = "".join(word[0] for word in re.findall("[A-Z0-9]+", fold(name).upper()))[: CODE_LENGTH - 2] or "DD"
    return next(
        code for number in count(1) if (code := initials if number == 1 else f"{initials}{number}") not in taken
    )
