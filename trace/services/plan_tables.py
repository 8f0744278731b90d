"""Results of a plan, and the register of activities, as columns for a file."""

from ..domain.errors import N_
from ..domain.plans import Period
from ..storage.activities import Activity
from .exports import Column
from .plan_results import Result

ACTIVITY_COLUMNS: list[Column[Activity]] = [
    Column(N_("Ngày"), lambda row: row.held_on),
    Column(N_("Loại"), lambda row: row.kind, 24),
    Column(N_("Tên hoạt động"), lambda row: row.title, 48),
    Column(N_("Nơi"), lambda row: row.place, 28),
    Column(N_("Số lượng"), lambda row: row.count),
    Column(N_("Số người"), lambda row: row.audience),
    Column(N_("Số gian hàng"), lambda row: row.stands),
    Column(N_("Đơn vị phối hợp"), lambda row: row.partners, 32),
    Column(N_("Đường dẫn"), lambda row: " ".join(row.links), 48),
    Column(N_("Người ghi"), lambda row: row.recorded_by_name, 24),
    Column(N_("Ghi lúc"), lambda row: row.recorded_at),
    Column(N_("Rút khỏi sổ lúc"), lambda row: row.withdrawn_at),
    Column(N_("Lý do rút"), lambda row: row.withdrawn_reason, 32),
]


def result_columns(period: Period) -> list[Column[Result]]:
    """Of one period's results."""
    return [
        Column(N_("Ký hiệu"), lambda row: row.indicator.ref),
        Column(N_("Chỉ tiêu"), lambda row: row.indicator.name, 48),
        Column(N_("Cách tính"), lambda row: row.indicator.formula, 48),
        Column(N_("Ai đếm"), lambda row: row.indicator.measured, 24),
        Column(N_("Kỳ"), lambda _row: period.code),
        Column(N_("Tử số"), lambda row: row.count.numerator if row.count else None),
        Column(N_("Mẫu số"), lambda row: row.count.denominator if row.count else None),
        Column(N_("Kết quả"), lambda row: row.value),
        Column(N_("Đơn vị"), lambda row: row.indicator.unit),
        Column(N_("Mức cần đạt"), lambda row: row.indicator.target),
        Column(N_("Phần trăm mức cần đạt"), lambda row: row.progress),
        Column(N_("Nguồn số liệu"), lambda row: row.figure.source if row.figure else None, 32),
        Column(N_("Nguồn chỉ tiêu"), lambda row: row.indicator.source, 40),
    ]
