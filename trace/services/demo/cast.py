"""Who and what the demonstration is about. All of it is invented: names say "(ví dụ)", tax codes begin with 98, which no
office gives out, and mail to ``.example`` reaches nobody (RFC 2606)."""

from collections.abc import Sequence
from dataclasses import dataclass

from ...domain.businesses import BusinessKind
from ...domain.certificates import CertificateScheme
from ...domain.complaints import ComplaintReason, ComplaintStatus
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


@dataclass(frozen=True)
class Paper:
    """A certificate. ``since`` and ``until`` in days from today; ``verdict`` is what an officer made of it, if anything."""

    house: str
    scheme: CertificateScheme
    number: str
    issuer: str
    since: int
    until: int
    days_ago: int
    verdict: bool | None = True
    reason: str = ""


@dataclass(frozen=True)
class Harvest:
    """A batch. ``part`` is its place in the story; numbered ones only fill the lists. 0 days ago stays a draft."""

    part: str
    house: str
    goods: str
    place: str
    days_ago: int
    kilograms: int
    packed_at: str = ""
    """Code of the place where it was packed, empty: nobody said so."""


@dataclass(frozen=True)
class Report:
    """A shopper's complaint and how it went: ``answers`` by ("business" or "officer", words, outcome)."""

    batch: str
    reason: ComplaintReason
    days_ago: int
    text: str = ""
    phone: str = ""
    answers: Sequence[tuple[str, str, ComplaintStatus | None]] = ()


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
    Person("officer", "Nguyễn Thị Mai (ví dụ)", "mai", OfficeRole.CITY),
    Person("second_officer", "Đinh Văn Hùng (ví dụ)", "hung", OfficeRole.CITY),
    Person("commune_officer", "Lý Thị Xuân (ví dụ)", "xuan", OfficeRole.COMMUNE, COOPERATIVE_IN),
    Person("auditor", "Phan Minh Đức (ví dụ)", "duc", OfficeRole.AUDITOR),
    Person("data_administrator", "Cao Thị Lan (ví dụ)", "lan", OfficeRole.DATA),
    Person("administrator", "Quản trị viên (ví dụ)", "quantri", "administrator"),
)

MUSTARD = Goods("Cải ngọt", "Choy sum", "mustard_greens", 5)
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

BODY = "Tổ chức chứng nhận Hạt Mầm (ví dụ)"
PAPERS = (
    Paper("farm", CertificateScheme.VIETGAP, "VIDU-VG-0101", BODY, -400, 330, 110),
    Paper("cooperative", CertificateScheme.VIETGAP, "VIDU-VG-0102", BODY, -710, 20, 109),
    Paper("packing_house", CertificateScheme.HACCP, "VIDU-HC-0103", BODY, -200, 895, 108),
    Paper("suspended_farm", CertificateScheme.VIETGAP, "VIDU-VG-0104", BODY, -300, 430, 107),
    Paper("second_farm", CertificateScheme.VIETGAP, "VIDU-VG-0099", BODY, -770, -40, 48),
    Paper(
        "shop",
        CertificateScheme.FOOD_SAFETY,
        "VIDU-ATTP-7",
        "Cơ quan cấp phép (ví dụ)",
        -500,
        600,
        30,
        verdict=False,
        reason="Số trên giấy không khớp với số đã nhập. Hãy gửi lại bản chụp rõ cả trang.",
    ),
    Paper("cooperative", CertificateScheme.OCOP_4, "VIDU-OCOP-12", "Hội đồng đánh giá (ví dụ)", -20, 1075, 1, None),
)

HARVESTS = (
    *(Harvest(f"farm {n}", "farm", "Cải ngọt", "BS1", 3 * n + 2, 80 + 5 * n, "BS1") for n in range(9, 0, -1)),
    *(
        Harvest(f"cooperative {n}", "cooperative", "Cà chua", "DD", 4 * n + 3, 900 - 40 * n, "NSC")
        for n in range(7, 0, -1)
    ),
    Harvest("expired", "farm", "Xà lách xoăn", "BS1", 9, 45, "BS1"),
    Harvest("lapsed_certificate", "second_farm", "Xà lách xoăn", "ND", 2, 30, "ND"),
    Harvest("no_photo", "second_farm", "Ớt chỉ thiên", "ND", 4, 12, "ND"),
    Harvest("suspended", "suspended_farm", "Cải ngọt", "TH", 12, 60, "TH"),
    Harvest("withdrawn", "cooperative", "Dưa chuột", "DG", 6, 240, "NSC"),
    Harvest("corrected", "cooperative", "Cà rốt", "DG", 5, 410, "NSC"),
    Harvest("not_packed", "cooperative", "Su hào", "DD", 3, 320),
    Harvest("recalled", "packing_house", "Rau thơm", "VU", 3, 30, "LM"),
    Harvest("packing_house", "packing_house", "Rau thơm", "VU", 1, 25, "LM"),
    Harvest("gourds", "packing_house", "Bí xanh", "VU", 10, 180, "LM"),
    Harvest("stamped", "cooperative", "Dưa chuột", "DG", 2, 60),
    Harvest("tomatoes", "cooperative", "Cà chua", "DD", 2, 860, "NSC"),
    Harvest("complete", "farm", "Cải ngọt", "BS1", 1, 120, "BS1"),
    Harvest("flagged", "cooperative", "Su hào", "DD", 0, 150),
    Harvest("draft", "farm", "Cải ngọt", "BS1", 0, 95),
)

REPORTS = (
    Report(
        "cooperative 1",
        ComplaintReason.SPOILED,
        5,
        "Mua chiều hôm qua, mở gói thấy ba quả bị dập và có mùi chua.",
        "0900 000 021",
        (
            ("business", "Chúng tôi xin lỗi và đã đổi hàng. Khâu xếp thùng đã được nhắc lại.", None),
            ("officer", "Sở đã kiểm tra nơi đóng gói: điều kiện bảo quản đạt yêu cầu.", ComplaintStatus.RESOLVED),
        ),
    ),
    Report(
        "expired",
        ComplaintReason.EXPIRED,
        2,
        "Quầy rau vẫn bày gói này.",
        "",
        (("officer", "", ComplaintStatus.REVIEWING),),
    ),
    Report("complete", ComplaintReason.FOREIGN_OBJECT, 0, "Trong bó rau có một đoạn dây thép nhỏ.", "0900 000 022"),
)

CORRECTION = "Nhập nhầm khối lượng: cân lại được 460 kg."
CORRECTED_KILOGRAMS = 460
WITHDRAWAL = "Phát hiện nhật ký ghi thiếu một lần phun thuốc; rút lô để chờ kết quả kiểm nghiệm."
SUSPENSION = "Không cho kiểm tra ruộng trong hai lần hẹn."

LISTED = ("farm", "cooperative", "packing_house", "shop", "suspended_farm")
STRANGERS = (
    ("HKD rau Lê Thị Bốn (ví dụ)", "", "Thôn Nội Đồng, xã Mê Linh, Hà Nội", "Hộ kinh doanh"),
    ("Hợp tác xã Rau Cầu Ngói (ví dụ)", "9800001087", "xã Đan Phượng, Hà Nội", "Hợp tác xã"),
    ("Công ty CP Nông sản Ba Lá (ví dụ)", "9800001094", "xã Yên Mỹ, huyện Thanh Trì, Hà Nội", "Công ty"),
)
"""Rows of the official list: the first is a household that enrols under a name written a little differently."""
