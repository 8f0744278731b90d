"""Shares of packaging, as the department and a business see them."""

from flask_babel import gettext as _

from ..domain.errors import N_
from ..domain.products import PackagingMaterial
from ..domain.quantities import percentage
from ..services.exports import Column
from ..services.packaging import DEFINITION, Month, Shares
from .charts import Point, trend
from .formats import percent

UNSAID = N_("Chưa khai")


def shown(shares: Shares) -> dict[str, object]:
    """What the template ``components/packaging.html`` is given: the picture, and its numbers."""
    points = [_point(each) for each in shares.months]
    return {
        "shares": shares,
        "chart": trend(_("Lô trong bao bì dễ phân hủy hoặc dùng lại, theo tháng"), points),
        "definition": DEFINITION,
        "words": lambda material: _(words(material)),
    }


def columns(shares: Shares) -> list[Column[Month]]:
    def of(material: PackagingMaterial | None) -> Column[Month]:
        return Column(words(material), lambda month: month.batches.get(material, 0))

    return [
        Column(N_("Tháng"), lambda month: f"{month.first:%m/%Y}"),
        Column(N_("Lô công bố"), lambda month: month.total),
        Column(N_("Lô trong bao bì dễ phân hủy hoặc dùng lại"), lambda month: month.sparing, 24),
        Column(N_("Phần (%)"), lambda month: percentage(month.sparing, month.total)),
        *(of(each) for each in shares.materials),
    ]


def words(material: PackagingMaterial | None) -> str:
    return material.label if material else UNSAID


def _point(month: Month) -> Point:
    share = percentage(month.sparing, month.total)
    said = percent(month.sparing, month.total)
    return Point(f"{month.first:%m/%y}", None if share is None else float(share), "" if share is None else said)
