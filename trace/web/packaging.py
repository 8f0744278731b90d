"""Shares of packaging as both the department and a business see them."""

from flask_babel import gettext as _

from ..domain.errors import N_
from ..domain.products import PackagingMaterial
from ..services.export_columns import Column
from ..services.packaging import Month, Shares
from .charts import Point, trend
from .formats import percent

UNSAID = N_("Chưa khai")


def points(shares: Shares) -> list[Point]:
    return [
        Point(
            f"{month.first:%m/%y}",
            100 * month.sparing / month.total if month.total else None,
            percent(month.sparing, month.total) if month.total else "",
        )
        for month in shares.months
    ]


def chart(shares: Shares) -> object:
    return trend(_("Lô trong bao bì dễ phân hủy hoặc dùng lại, theo tháng"), points(shares))
