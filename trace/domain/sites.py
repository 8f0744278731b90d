"""Places where something happens to a batch."""

from .errors import N_
from .labelled import Labelled


class SiteKind(Labelled):
    GROWING_AREA = "growing_area", N_("Vùng trồng")
    ANIMAL_FARM = "animal_farm", N_("Cơ sở nuôi")
    PACKING_HOUSE = "packing_house", N_("Nhà sơ chế, đóng gói")
    STORE = "store", N_("Kho bảo quản")
    SHOP = "shop", N_("Điểm bán")

    @property
    def produces(self) -> bool:
        """Food begins here, so a batch may name it as its place of production."""
        return self in (SiteKind.GROWING_AREA, SiteKind.ANIMAL_FARM)
