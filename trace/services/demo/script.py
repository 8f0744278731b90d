"""What the people of the demonstration do: papers they hand in, harvests, and what shoppers complain of."""

from collections.abc import Sequence
from dataclasses import dataclass

from ...domain.certificates import CertificateScheme
from ...domain.complaints import ComplaintReason, ComplaintStatus


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


BODY = "Tổ chức chứng nhận Hạt Mầm (ví dụ)"
CHAIN, CHAIN_BODY = "VIDU-CTP-01", "Chi cục quản lý chuỗi (ví dụ)"
PAPERS = (
    Paper("farm", CertificateScheme.VIETGAP, "VIDU-VG-0101", BODY, -400, 330, 110),
    Paper("cooperative", CertificateScheme.VIETGAP, "VIDU-VG-0102", BODY, -710, 20, 109),
    Paper("cooperative", CertificateScheme.SAFE_CHAIN, CHAIN, CHAIN_BODY, -90, 275, 80),
    Paper("shop", CertificateScheme.SAFE_CHAIN, CHAIN, CHAIN_BODY, -90, 275, 79),
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
    Harvest("idle", "idle_farm", "Cải bẹ", "TT", 100, 70, "TT"),
    Harvest("only_withdrawn", "hasty_farm", "Cải bẹ", "TB", 15, 55, "TB"),
    Harvest("only_incomplete", "unpacked_farm", "Cải bẹ", "TC", 6, 90),
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
