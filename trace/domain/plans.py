"""Plans of the city, their indicators, and the half-years and years that are reported on."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal

from .dates import start_of_day
from .errors import N_, InvalidInput
from .labelled import Labelled
from .quantities import percentage
from .text import clean

LARGEST_VALUE = Decimal(1_000_000_000_000)
MOST_PERIODS = 20
_GROUPED = re.compile(r"-?\d{1,3}([. ]\d{3})+(,\d{1,3})?", re.ASCII)
_PLAIN = re.compile(r"-?\d{1,15}([.,]\d{1,3})?", re.ASCII)
_PERIOD = re.compile(r"((?:19|20|21)\d\d)(?:-H([12]))?", re.ASCII)


class InvalidValue(InvalidInput):
    code = "invalid-value"
    message = N_("Hãy nhập một con số, nhiều nhất ba chữ số lẻ, ví dụ 12,5 hoặc 1.200.")


class InvalidPeriod(InvalidInput):
    code = "invalid-period"
    message = N_("Kỳ viết là 2026, 2026-H1 (6 tháng đầu năm) hoặc 2026-H2 (6 tháng cuối năm).")


class PeriodOutsidePlan(InvalidInput):
    code = "period-outside-plan"
    message = N_("Kế hoạch này không có kỳ đó. Hãy chọn một kỳ trong thời gian thực hiện kế hoạch.")


class PlanEndsBeforeStart(InvalidInput):
    code = "plan-ends-before-start"
    message = N_("Ngày kết thúc phải sau ngày bắt đầu, và kế hoạch không dài quá mười năm.")


class Measured(Labelled):
    """Who can say how far an indicator is."""

    SYSTEM = "system", N_("Hệ thống tự đếm")
    PARTLY = "partly", N_("Hệ thống đếm một phần")
    ACTIVITIES = "activities", N_("Đếm từ sổ hoạt động")
    OUTSIDE = "outside", N_("Số liệu ngoài hệ thống")


class Frequency(Labelled):
    HALF_YEAR = "half_year", N_("6 tháng và cả năm")
    YEAR = "year", N_("Cả năm")


class Measure(Labelled):
    """What this system counts by itself; ``DEFINITIONS`` says how, ``storage.plan_measures`` does it; who is traceable is
    the last stage of coverage."""

    TRACEABLE_BUSINESSES = "traceable_businesses", N_("Cơ sở truy xuất được từ đầu đến cuối")
    COMPLETE_BATCHES = "complete_batches", N_("Lô đủ mười nội dung")
    RESOLVED_SCANS = "resolved_scans", N_("Lượt quét ra kết quả")
    GUIDED_DISTRIBUTORS = "guided_distributors", N_("Nhà phân phối được hướng dẫn")
    DEGRADABLE_PACKAGING = "degradable_packaging", N_("Lô có bao bì dễ phân hủy hoặc dùng lại")
    NEW_LINKS = "new_links", N_("Mối mua bán mới sau hội nghị kết nối")
    FROZEN_REPORTS = "frozen_reports", N_("Báo cáo đã chốt")
    INSPECTIONS_HELD = "inspections_held", N_("Cuộc kiểm tra đã làm")
    FINDINGS_CLOSED = "findings_closed", N_("Sai lỗi khắc phục đúng hạn")


DEFINITIONS: Mapping[Measure, str] = {
    Measure.COMPLETE_BATCHES: N_(
        "Tử số: lô công bố trong kỳ có đủ mười nội dung theo Thông tư 02/2024/TT-BKHCN. Mẫu số: mọi lô công bố trong kỳ, "
        "trừ lô đã rút."
    ),
    Measure.RESOLVED_SCANS: N_(
        "Tử số: lượt quét của người dùng trong kỳ mở ra đúng một lô. Mẫu số: mọi lượt quét của người dùng trong kỳ; máy tự "
        "động không được đếm."
    ),
    Measure.GUIDED_DISTRIBUTORS: N_(
        "Tử số: nhà phân phối, chợ, cửa hàng đã duyệt có tên trong một lớp hoặc buổi tập huấn của sổ hoạt động trong kỳ. "
        "Mẫu số: mọi nhà phân phối, chợ, cửa hàng đã duyệt."
    ),
    Measure.DEGRADABLE_PACKAGING: N_(
        "Tử số: lô công bố trong kỳ của sản phẩm khai bao bì phân hủy sinh học, giấy, lá, dùng lại nhiều lần hoặc không bao "
        "gói. Mẫu số: mọi lô công bố trong kỳ, trừ lô đã rút; sản phẩm không khai thì coi như chưa đạt."
    ),
    Measure.NEW_LINKS: N_(
        "Số cặp bán – mua cùng dự một hội nghị kết nối trong kỳ, và có lần giao nhận đầu tiên được xác nhận trong vòng "
        "%(new_link_days)s ngày sau hội nghị đó."
    ),
    Measure.INSPECTIONS_HELD: N_(
        "Tử số: cuộc kiểm tra lên lịch trong kỳ đã có biên bản ký. Mẫu số: mọi cuộc kiểm tra lên lịch trong kỳ, trừ cuộc đã "
        "hủy. Hệ thống không tách riêng nội dung chất thải nhựa."
    ),
    Measure.FINDINGS_CLOSED: N_(
        "Tử số: sai lỗi có hạn trong kỳ đã được kết luận khắc phục vào ngày hạn hoặc trước đó. Mẫu số: mọi sai lỗi có hạn "
        "trong kỳ, trừ sai lỗi đã bỏ khi đính chính biên bản."
    ),
    Measure.FROZEN_REPORTS: N_("Số báo cáo của chính kế hoạch này đã chốt, mà kỳ báo cáo nằm trong kỳ đang xem."),
}
"""Their places are the fields of ``Thresholds``. Who is traceable is defined in ``domain.coverage``."""


@dataclass(frozen=True)
class Thresholds:
    """Of the measures, as they are in force (``trace/data/plan_measures.csv``)."""

    new_link_days: int
    """A first delivery so long after a connection event is counted as its fruit."""


@dataclass(frozen=True, order=True)
class Period:
    """A calendar year, or one half of it; written ``2026``, ``2026-H1``, ``2026-H2``."""

    year: int
    half: int | None = None

    @property
    def code(self) -> str:
        return f"{self.year}-H{self.half}" if self.half else str(self.year)

    @property
    def title(self) -> str:
        """A gettext id with a place for the year."""
        if self.half is None:
            return N_("Năm %(year)s")
        return N_("6 tháng đầu năm %(year)s") if self.half == 1 else N_("6 tháng cuối năm %(year)s")

    @property
    def starts_on(self) -> date:
        return date(self.year, 7 if self.half == 2 else 1, 1)

    @property
    def ends_on(self) -> date:
        return date(self.year, 6, 30) if self.half == 1 else date(self.year, 12, 31)

    @property
    def since(self) -> datetime:
        return start_of_day(self.starts_on)

    @property
    def until(self) -> datetime:
        """The first moment after it."""
        return start_of_day(self.ends_on + timedelta(days=1))

    @property
    def parts(self) -> "list[Period]":
        """Itself and, of a year, its halves."""
        return [self] if self.half else [self, Period(self.year, 1), Period(self.year, 2)]

    def suits(self, frequency: Frequency) -> bool:
        return self.half is None or frequency is Frequency.HALF_YEAR


@dataclass(frozen=True)
class Count:
    """``denominator`` is None for what is a number and no share."""

    numerator: int
    denominator: int | None = None

    @property
    def value(self) -> Decimal | None:
        """Per cent to one decimal, or the number; None where there is nothing to divide by."""
        if self.denominator is None:
            return Decimal(self.numerator)
        return percentage(self.numerator, self.denominator)


def parse_period(text: str) -> Period:
    """Raises InvalidPeriod."""
    match = _PERIOD.fullmatch(clean(text).upper())
    if match is None:
        raise InvalidPeriod(field="period")
    return Period(int(match[1]), int(match[2]) if match[2] else None)


def check_span(starts_on: date, ends_on: date) -> None:
    """Raises PlanEndsBeforeStart."""
    if not (starts_on < ends_on and ends_on.year - starts_on.year < MOST_PERIODS // 2):
        raise PlanEndsBeforeStart(field="ends_on")


def periods_within(starts_on: date, ends_on: date) -> list[Period]:
    """Newest first, each year before its halves; only those that touch the span."""
    every = [Period(year, half) for year in range(ends_on.year, starts_on.year - 1, -1) for half in (None, 2, 1)]
    return [each for each in every if each.starts_on <= ends_on and each.ends_on >= starts_on]


def parse_value(typed: str, *, field: str = "value") -> Decimal:
    """A number as people write it in Việt Nam: ``1.200`` is 1200, ``12,5`` and ``12.5`` are twelve and a half.

    Raises InvalidValue.
    """
    text = clean(typed, field=field).replace("−", "-").removesuffix("%").rstrip()
    if _GROUPED.fullmatch(text):
        value = Decimal(re.sub("[. ]", "", text).replace(",", "."))
    elif _PLAIN.fullmatch(text):
        value = Decimal(text.replace(",", "."))
    else:
        raise InvalidValue(field=field)
    if abs(value) > LARGEST_VALUE:
        raise InvalidValue(field=field)
    return value


def format_value(value: Decimal, locale: str = "vi") -> str:
    """No trailing zeros; thousands set apart."""
    whole, _, rest = f"{value:,f}".partition(".")
    rest = rest.rstrip("0")
    if locale != "vi":
        return f"{whole}.{rest}" if rest else whole
    whole = whole.replace(",", ".")
    return f"{whole},{rest}" if rest else whole


def progress(value: Decimal | None, target: Decimal | None) -> int | None:
    """Per cent of the target, whole; None where either is missing, or the target is nothing."""
    if value is None or not target:
        return None
    return max(0, int(100 * value / target))
