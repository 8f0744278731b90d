"""A report as blocks, in the order and the words of an administrative document, whatever file they become.

Its language is Vietnamese whoever reads it: it goes to the city. Layout: Nghị định 30/2020/NĐ-CP, Phụ lục I.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from ..domain.dates import format_date
from ..domain.plans import Count, format_value, parse_period
from .report_snapshots import Content

NOTHING = "Trong kỳ chưa có số liệu."
TOTAL = "Cộng"
NOT_KEPT = "Trong kỳ không có ngày nào được chốt số liệu truy xuất theo danh sách chính thức."


@dataclass(frozen=True)
class Heading:
    text: str


@dataclass(frozen=True)
class Line:
    """A paragraph; ``leads``: on the page of what follows it."""

    text: str
    italic: bool = False
    leads: bool = False


@dataclass(frozen=True)
class Cell:
    text: str
    link: str = ""


@dataclass(frozen=True)
class Table:
    """``widths`` are shares of the page; numbers are set to the right in ``numeric`` columns."""

    titles: Sequence[str]
    widths: Sequence[float]
    rows: Sequence[Sequence[Cell]]
    numeric: frozenset[int] = frozenset()


@dataclass(frozen=True)
class Annex:
    """Begins a page of its own."""

    text: str


Block = Heading | Line | Table | Annex


def subject(content: Content) -> str:
    """The trích yếu: what the report is about."""
    plan = content["plan"]
    return (
        f"Kết quả thực hiện Kế hoạch số {plan['number']} trong {period_of(content)[0].lower()}{period_of(content)[1:]}"
    )


def period_of(content: Content) -> str:
    period = parse_period(content["period"])
    return period.title % {"year": period.year}


def dated(content: Content) -> str:
    """``Hà Nội, ngày 05 tháng 7 năm 2026``; days under 10 and the months 1 and 2 take a zero (Phụ lục I, II.4)."""
    texts = content["texts"]
    if not texts["dated_on"]:
        return f"{texts['place']}, ngày … tháng … năm …"
    day = date.fromisoformat(texts["dated_on"])
    month = f"{day.month:02}" if day.month < 3 else str(day.month)
    return f"{texts['place']}, ngày {day.day:02} tháng {month} năm {day.year}"


def lines_of(text: str) -> list[str]:
    return [line for line in text.splitlines() if line.strip()]


def pages(content: Content) -> Iterator[Block]:
    """What stands between the title and the signature, then the annexes."""
    texts, figures = content["texts"], content["figures"]
    if texts["addressee"]:
        yield Line(f"Kính gửi: {texts['addressee']}.")
    for line in lines_of(texts["basis"]):
        yield Line(line, italic=True)
    if not figures["known"]:
        yield Line(f"{NOTHING} Các mục dưới đây chỉ có lời của cơ quan báo cáo.")
    yield Heading("I. KẾT QUẢ THỰC HIỆN CHỈ TIÊU")
    yield from _results(figures)
    yield Heading("II. KẾT QUẢ THEO CHUỖI VÀ THEO XÃ, PHƯỜNG")
    yield from _places(figures)
    yield Heading("III. KIỂM TRA, GIÁM SÁT")
    yield from map(Line, _oversight(figures["oversight"]))
    yield from map(Line, lines_of(texts["inspections"]))
    yield Heading("IV. KHÓ KHĂN, VƯỚNG MẮC")
    yield from map(Line, lines_of(texts["difficulties"]) or ["Không có."])
    yield Heading("V. ĐỀ XUẤT, KIẾN NGHỊ")
    yield from map(Line, lines_of(texts["proposals"]) or ["Không có."])


def annexes(content: Content) -> Iterator[Block]:
    """What comes after the signature."""
    figures = content["figures"]
    yield Annex("Phụ lục 1. Cách tính và nguồn của từng chỉ tiêu")
    yield Table(
        ("Ký hiệu", "Chỉ tiêu và cách tính", "Số đếm", "Nguồn"),
        (0.14, 0.44, 0.16, 0.26),
        [_derivation(row, figures["coverage"]) for row in figures["results"]],
    )
    yield Annex("Phụ lục 2. Kết quả theo xã, phường")
    if coverage := figures["coverage"]:
        yield Line(f"Định nghĩa phiên bản {coverage['definition_version']}. {coverage['definition']}")
        rows = coverage["by"]["commune"]["rows"]
        total = {"name": TOTAL, **{name: sum(each[name] for each in rows) for name in _REACHED}}
        yield _split("Xã, phường", [*rows, total], coverage["by"]["commune"]["link"])
    else:
        yield Line(NOT_KEPT)
    yield Annex("Phụ lục 3. Hoạt động đã thực hiện")
    if figures["activities"]:
        yield Table(
            ("Ngày", "Loại", "Tên hoạt động, nơi thực hiện", "Số lượng"),
            (0.16, 0.22, 0.48, 0.14),
            [
                [
                    Cell(format_date(date.fromisoformat(each["held_on"]))),
                    Cell(each["kind"]),
                    Cell(", ".join(filter(None, (each["title"], each["place"]))), each["link"]),
                    Cell(_whole(each["count"])),
                ]
                for each in figures["activities"]
            ],
            frozenset({3}),
        )
    else:
        yield Line("Sổ hoạt động không có mục nào trong kỳ.")
    if frozen := content.get("frozen"):
        yield Line(
            f"Số liệu chốt lúc {frozen['at']}, người chốt: {frozen['by']}. Mã đối chiếu SHA-256 ghi trên hệ thống.",
            italic=True,
        )


def amount(value: str | None, unit: str) -> str:
    """As the city writes it: ``66,7%``, ``12 lớp``."""
    if value is None:
        return "–"
    return f"{format_value(Decimal(value))}{'%' if unit == '%' else f' {unit}'}"


def _results(figures: Content) -> Iterator[Block]:
    if not figures["results"]:
        yield Line("Kế hoạch chưa có chỉ tiêu nào áp dụng trong kỳ.")
        return
    yield Table(
        ("TT", "Chỉ tiêu", "Cần đạt", "Kết quả", "% đạt"),
        (0.08, 0.5, 0.14, 0.16, 0.12),
        [
            [
                Cell(str(number)),
                Cell(f"{row['name']} ({row['ref']})"),
                Cell(amount(row["target"], row["unit"]) if row["target"] else "–"),
                Cell(amount(row["value"], row["unit"]) if row["value"] is not None else _why(row), row["link"]),
                Cell("–" if row["progress"] is None else f"{row['progress']}%"),
            ]
            for number, row in enumerate(figures["results"], start=1)
        ],
        frozenset({0, 2, 3, 4}),
    )


def _why(row: dict[str, Any]) -> str:
    return "Chưa có gì để đếm" if row["denominator"] == 0 and not row["figure"] else "Chưa có số liệu"


def _places(figures: Content) -> Iterator[Block]:
    coverage = figures["coverage"]
    if coverage is None:
        yield Line(NOT_KEPT)
        return
    told = (coverage["day"], coverage["list"]["as_of"], coverage["period_start"])
    day, as_of, since = (format_date(date.fromisoformat(each)) for each in told)
    kept = "đã chốt" if coverage["hash"] else "chưa chốt"
    yield Line(
        f"Số liệu tính đến ngày {day} ({kept}), theo danh sách chính thức ngày {as_of} ({coverage['list']['source']}) và "
        f"định nghĩa phiên bản {coverage['definition_version']} ở Phụ lục 2."
    )
    yield Table(
        ("Bước", "Số cơ sở", "Trên tổng số", "Tỷ lệ"),
        (0.52, 0.16, 0.16, 0.16),
        [
            [
                Cell(each["name"]),
                Cell(_whole(each["numerator"]), coverage["link"]),
                Cell(_whole(each["denominator"])),
                Cell(amount(_percent(each), "%")),
            ]
            for each in coverage["stages"]
        ],
        frozenset({1, 2, 3}),
    )
    if amounts := coverage["kilograms"]:
        yield Line(
            f"Từ ngày {since} đến ngày {day}, các cơ sở trong danh sách công bố {_whole(amounts['registered'])} kg, trong đó "
            f"{_whole(amounts['traceable'])} kg truy xuất được từ đầu đến cuối."
        )
    for title, dimension in (("Nhóm hàng", "commodity"), ("Chuỗi thực phẩm an toàn", "chain")):
        if coverage["by"][dimension]["rows"]:
            yield Line(f"Theo {title.lower()}:", leads=True)
            yield _split(title, coverage["by"][dimension]["rows"], coverage["by"][dimension]["link"])
    communes = coverage["by"]["commune"]["rows"]
    reached = sum(1 for each in communes if each["traceable"])
    yield Line(
        f"Danh sách có cơ sở ở {len(communes)} xã, phường; {reached} xã, phường đã có cơ sở truy xuất được từ đầu đến "
        "cuối. Số liệu từng nơi ở Phụ lục 2."
    )


_REACHED = {
    "listed": "Trong danh sách",
    "enrolled": "Đã đăng ký",
    "complete": "Lô đủ nội dung",
    "handed_over": "Giao nhận hai bên",
    "traceable": "Truy xuất được",
}
"""The stages that a table of the report has room for."""


def _split(title: str, rows: Sequence[Content], link: str) -> Table:
    return Table(
        (title, *_REACHED.values()),
        (0.3, *(0.14 for _ in _REACHED)),
        [
            [
                Cell(each["name"], link if each["name"] != TOTAL else ""),
                *(Cell(_whole(each[name])) for name in _REACHED),
            ]
            for each in rows
        ],
        frozenset(range(1, len(_REACHED) + 1)),
    )


def _percent(stage: dict[str, int]) -> str | None:
    value = Count(stage["numerator"], stage["denominator"]).value
    return None if value is None else str(value)


def _oversight(counts: dict[str, int]) -> Iterator[str]:
    told = {name: _whole(count) for name, count in counts.items()}
    yield (
        "Kế hoạch có {planned} cuộc kiểm tra trong kỳ, đã làm {held} (xếp loại A {a}, loại B {b}, loại C {c}); {sanctions} "
        "biên bản có nội dung xử lý vi phạm. Có {due} sai lỗi đến hạn trong kỳ, {closed} đã khắc phục đúng hạn."
    ).format(**told)
    yield (
        "Đã nhận {laboratory} phiếu kiểm nghiệm, trong đó {failed} phiếu không đạt; có {recalls} vụ thu hồi được xác nhận và "
        "{complaints} phản ánh của người tiêu dùng."
    ).format(**told)


def _derivation(row: dict[str, Any], coverage: Content | None) -> list[Cell]:
    counted = "–"
    if row["numerator"] is not None:
        counted = _whole(row["numerator"])
        if row["denominator"] is not None:
            counted += f" / {_whole(row['denominator'])}"
    figure = row["figure"]
    source = f"{figure['source']} ({figure['entered']})" if figure else row["measured"]
    said = row["definition"] or row["formula"]
    if coverage and said == coverage["definition"]:
        said = f"{row['formula']}. Định nghĩa đầy đủ ở Phụ lục 2."
    return [
        Cell(row["ref"]),
        Cell(f"{row['name']}. {said}"),
        Cell(counted, row["link"]),
        Cell(f"{source}. Chỉ tiêu: {row['target_source']}."),
    ]


def _whole(number: int) -> str:
    return f"{number:,}".replace(",", ".")
