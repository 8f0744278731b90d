"""Who and what the demonstration is about. All of it is invented: names say "(ví dụ)", tax codes begin with 98, which no
office gives out, and mail to ``.example`` reaches nobody (RFC 2606)."""

from collections.abc import Sequence
from dataclasses import dataclass

from ...domain.businesses import BusinessKind
from ...domain.permissions import OfficeRole
from ...domain.products import PackagingMaterial
from ...domain.sites import SiteKind


@dataclass(frozen=True)
class Person:
    part: str
    name: str
    mailbox: str
    role: str = ""
    """On the platform: ``administrator``, or the office of an officer of the department."""
    commune: str = ""
    """Of an officer of one."""

    @property
    def email(self) -> str:
        return f"{self.mailbox}@vidu.example"


@dataclass(frozen=True)
class Place:
    code: str
    name: str
    kind: SiteKind = SiteKind.GROWING_AREA
    area_m2: int | None = None
    growing_area_code: str = ""
    gln: str = ""


@dataclass(frozen=True)
class Goods:
    name: str
    name_en: str
    picture: str
    """Of ``pictures.PICTURES``; empty for none."""
    shelf_life_days: int
    standards: Sequence[str] = ("TCVN 11892-1:2017",)
    gtin: str = ""
    packaging: PackagingMaterial = PackagingMaterial.BIODEGRADABLE


@dataclass(frozen=True)
class House:
    """A business, whose ``part`` is also its owner's. ``approved`` False: it still waits for the department."""

    part: str
    kind: BusinessKind
    name: str
    tax_code: str
    commune: str
    """As its owner types it, some by what it was called before July 2025."""
    street: str
    places: Sequence[Place]
    goods: Sequence[Goods] = ()
    household_number: str = ""
    days_ago: int = 120
    approved: bool = True


COOPERATIVE_IN = "xã Vân Nội, huyện Đông Anh, Hà Nội"

PEOPLE = (
    Person("farm", "Nguyễn Văn Sáu (ví dụ)", "sau"),
    Person("second_farm", "Lê Thị Bốn (ví dụ)", "bon"),
    Person("cooperative", "Trần Thị Hạnh (ví dụ)", "hanh"),
    Person("cooperative_staff", "Đỗ Văn Nam (ví dụ)", "nam"),
    Person("packing_house", "Phạm Quốc Việt (ví dụ)", "viet"),
    Person("shop", "Hoàng Thu Trang (ví dụ)", "trang"),
    Person("suspended_farm", "Vũ Văn Tám (ví dụ)", "tam"),
    Person("applicant", "Bùi Thị Nga (ví dụ)", "nga"),
    Person("idle_farm", "Ngô Văn Bảy (ví dụ)", "bay"),
    Person("hasty_farm", "Đặng Thị Chín (ví dụ)", "chin"),
    Person("unpacked_farm", "Trịnh Văn Mười (ví dụ)", "muoi"),
    Person("pickler", "Dương Thị Vại (ví dụ)", "vai"),
    Person("officer", "Nguyễn Thị Mai (ví dụ)", "mai", OfficeRole.CITY),
    Person("second_officer", "Đinh Văn Hùng (ví dụ)", "hung", OfficeRole.CITY),
    Person("commune_officer", "Lý Thị Xuân (ví dụ)", "xuan", OfficeRole.COMMUNE, COOPERATIVE_IN),
    Person("auditor", "Phan Minh Đức (ví dụ)", "duc", OfficeRole.AUDITOR),
    Person("data_administrator", "Cao Thị Lan (ví dụ)", "lan", OfficeRole.DATA),
    Person("administrator", "Quản trị viên (ví dụ)", "quantri", "administrator"),
)

MUSTARD = Goods("Cải ngọt", "Choy sum", "mustard_greens", 5)
PLAIN_MUSTARD = Goods("Cải bẹ", "Mustard greens", "", 5, standards=())
PICKLES = Goods("Dưa cải muối", "Pickled mustard greens", "mustard_greens", 30, standards=("TCCS 01:2025/HAIVAI",))
LETTUCE = Goods("Xà lách xoăn", "Curly lettuce", "lettuce", 4)
TOMATOES = Goods("Cà chua", "Tomatoes", "tomatoes", 10, gtin="8930000000019", packaging=PackagingMaterial.PAPER)
KOHLRABI = Goods("Su hào", "Kohlrabi", "kohlrabi", 14)
CARROTS = Goods("Cà rốt", "Carrots", "carrots", 30)
CUCUMBERS = Goods("Dưa chuột", "Cucumbers", "cucumbers", 8)
HERBS = Goods("Rau thơm", "Herbs", "herbs", 4, packaging=PackagingMaterial.LEAF)
GOURDS = Goods("Bí xanh", "Wax gourd", "gourds", 45, packaging=PackagingMaterial.NONE)
PEPPERS = Goods("Ớt chỉ thiên", "Bird's eye chillies", "", 12, standards=())

HOUSES = (
    House(
        "farm",
        BusinessKind.HOUSEHOLD,
        "Hộ trồng rau Nguyễn Văn Sáu (ví dụ)",
        "9800001016",
        "xã Văn Đức, huyện Gia Lâm, Hà Nội",
        "Thôn Bãi",
        (Place("BS1", "Bãi sông số 1", area_m2=2160, growing_area_code="VN-HN-VIDU-001"),),
        (MUSTARD, LETTUCE),
    ),
    House(
        "cooperative",
        BusinessKind.COOPERATIVE,
        "Hợp tác xã Rau an toàn Bãi Xanh (ví dụ)",
        "9800001023",
        COOPERATIVE_IN,
        "Thôn Đầm",
        (
            Place("DD", "Đồng Đầm", area_m2=54000, growing_area_code="VN-HN-VIDU-002"),
            Place("DG", "Đồng Giữa", area_m2=36000),
            Place("NSC", "Nhà sơ chế", SiteKind.PACKING_HOUSE, gln="8930000000026"),
        ),
        (TOMATOES, KOHLRABI, CARROTS, CUCUMBERS),
    ),
    House(
        "packing_house",
        BusinessKind.PROCESSOR,
        "Công ty TNHH Sơ chế Lá Mạ (ví dụ)",
        "9800001030",
        "xã Hoài Đức",
        "Cụm công nghiệp làng nghề",
        (Place("VU", "Vườn ươm", area_m2=1500), Place("LM", "Xưởng Lá Mạ", SiteKind.PACKING_HOUSE)),
        (HERBS, GOURDS),
    ),
    House(
        "shop",
        BusinessKind.SHOP,
        "Cửa hàng Rau Nhà Mình (ví dụ)",
        "9800001048",
        "phường Cầu Giấy",
        "Ngõ 1",
        (Place("CH", "Cửa hàng", SiteKind.SHOP),),
    ),
    House(
        "suspended_farm",
        BusinessKind.HOUSEHOLD,
        "Hộ trồng rau Vũ Văn Tám (ví dụ)",
        "9800001055",
        "xã Thường Tín",
        "Thôn Hạ",
        (Place("TH", "Ruộng thôn Hạ", area_m2=1080),),
        (MUSTARD,),
    ),
    House(
        "idle_farm",
        BusinessKind.HOUSEHOLD,
        "Hộ trồng rau Ngô Văn Bảy (ví dụ)",
        "9800001104",
        "xã Thường Tín",
        "Thôn Thượng",
        (Place("TT", "Ruộng thôn Thượng", area_m2=720),),
        (PLAIN_MUSTARD,),
    ),
    House(
        "hasty_farm",
        BusinessKind.HOUSEHOLD,
        "Hộ trồng rau Đặng Thị Chín (ví dụ)",
        "9800001111",
        "xã Phúc Thọ",
        "Thôn Bờ",
        (Place("TB", "Ruộng thôn Bờ", area_m2=1080),),
        (PLAIN_MUSTARD,),
        days_ago=80,
    ),
    House(
        "unpacked_farm",
        BusinessKind.HOUSEHOLD,
        "Hộ trồng cải Trịnh Văn Mười (ví dụ)",
        "9800001129",
        "xã Phúc Thọ",
        "Thôn Cả",
        (Place("TC", "Ruộng thôn Cả", area_m2=1800), Place("KC", "Kho thôn Cả", SiteKind.STORE)),
        (PLAIN_MUSTARD,),
        days_ago=80,
    ),
    House(
        "pickler",
        BusinessKind.PROCESSOR,
        "Cơ sở muối dưa Hai Vại (ví dụ)",
        "9800001136",
        "phường Sơn Tây",
        "Phố Chợ",
        (Place("HV", "Xưởng muối", SiteKind.PACKING_HOUSE),),
        (PICKLES,),
        days_ago=80,
    ),
    House(
        "second_farm",
        BusinessKind.HOUSEHOLD,
        "Hộ kinh doanh rau Lê Thị Bốn (ví dụ)",
        "",
        "xã Mê Linh",
        "Thôn Nội Đồng",
        (Place("ND", "Nội Đồng", area_m2=1440),),
        (LETTUCE, PEPPERS),
        household_number="01X8000123",
        days_ago=50,
    ),
    House(
        "applicant",
        BusinessKind.COOPERATIVE,
        "Hợp tác xã Nấm Gò Tròn (ví dụ)",
        "9800001062",
        "xã Sóc Sơn",
        "Thôn Gò",
        (Place("NT", "Nhà nấm", area_m2=800),),
        days_ago=1,
        approved=False,
    ),
)

LISTED = (
    "farm",
    "cooperative",
    "packing_house",
    "shop",
    "suspended_farm",
    "idle_farm",
    "hasty_farm",
    "unpacked_farm",
    "pickler",
)
STRANGERS = (
    ("HKD rau Lê Thị Bốn (ví dụ)", "", "Thôn Nội Đồng, xã Mê Linh, Hà Nội", "Hộ kinh doanh"),
    ("Hợp tác xã Rau Cầu Ngói (ví dụ)", "9800001087", "xã Đan Phượng, Hà Nội", "Hợp tác xã"),
    ("Công ty CP Nông sản Ba Lá (ví dụ)", "9800001094", "xã Yên Mỹ, huyện Thanh Trì, Hà Nội", "Công ty"),
)
"""Rows of the official list: the first is a household that enrols under a name written a little differently."""
