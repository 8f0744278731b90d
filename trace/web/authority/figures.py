"""The funnel by commune, commodity, kind or chain, of today or of a day kept for good; and how to do it again."""

from collections.abc import Callable, Iterator
from datetime import date, timedelta
from typing import Any

from flask import Response, render_template, url_for
from flask_babel import gettext as _

from ...domain.businesses import BusinessKind
from ...domain.coverage import Dimension, StageName, target_in_force
from ...domain.coverage_definitions import SENTENCES
from ...domain.dates import InvalidDate, format_date, months_to
from ...domain.errors import N_
from ...domain.permissions import Permission
from ...domain.products import Commodity
from ...domain.quantities import percentage
from ...domain.reach import Reach
from ...request.access import current_actor, requires, within_office
from ...request.database import db
from ...request.language import select_language
from ...services import figures, oversight, snapshots
from ...services.clock import today
from ...services.exports import Column
from ...services.figures import AMOUNT_STAGES, Figures, NoSnapshot, Row
from ...storage.addresses import gazetteer
from ...storage.certificates import Certificate, lapsing_by_month
from ...storage.coverage import targets
from ...storage.snapshots import snapshots_newest
from ...storage.work import targets_on
from .. import filters
from ..charts import Bar, Month, Place, Point, commune_map, funnel, months, trend
from ..formats import number, percent
from .blueprint import bp
from .exports import FORMATS
from .kept_days import kept_days, no_such_day

CITY = "01"
MONTHS = 12


@bp.get("/coverage")
@requires(Permission.COVERAGE_READ)
def coverage_figures() -> str | tuple[str, int]:
    try:
        found = _asked()
    except (InvalidDate, NoSnapshot) as refused:
        return no_such_day(refused)
    target = target_in_force(targets(), found.day)
    points, lapsing, watched = list(_points()), _lapsing(), oversight.by_month(db.session, current_actor(), _months())
    return render_template(
        "authority/home/figures.html",
        found=found,
        by=found.dimension,
        dimensions=list(Dimension),
        stages=list(StageName),
        amounts=[(each, words) for each, words in AMOUNT_STAGES.items()],
        named=lambda row: named(found.dimension, row.value),
        behind=lambda row: _behind(found, row.value),
        days=kept_days(),
        funnel=_funnel(found),
        points=points,
        lapsing=lapsing,
        lapsing_chart=months(_("Giấy chứng nhận sắp hết hạn, theo tháng"), lapsing),
        watched=watched,
        complaints_chart=months(
            _("Phản ánh của người tiêu dùng, theo tháng"),
            [Month(_label(each.month), each.complaints, number(each.complaints), each.in_time) for each in watched],
        ),
        looks_chart=months(
            _("Lượt quét của người tiêu dùng, theo tháng"),
            [Month(_label(each.month), each.looks or 0, number(each.looks or 0), each.suspicious) for each in watched],
        ),
        answer_days=targets_on(today()).complaint,
        trend=_trend(points, target.percent if target else None),
        map=_map(found) if found.dimension is Dimension.COMMUNE and found.rows else None,
    )


@bp.get("/coverage.<any(xlsx, csv):extension>")
@requires(Permission.COVERAGE_READ)
def coverage_file(extension: str) -> Response:
    found = _asked()
    parts, media_type = FORMATS[extension]
    name = f"coverage-{found.dimension.value}-{found.day:%Y%m%d}.{extension}"
    return Response(
        parts(columns(found.dimension), found.rows, select_language()),
        content_type=media_type,
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )


@bp.get("/coverage/derivation")
@requires(Permission.COVERAGE_READ)
def coverage_derivation() -> str | tuple[str, int]:
    """What a kept figure rests on, hashed and counted again while the reader waits."""
    try:
        day = filters.kept_day()
        snapshot = figures.kept_on(db.session, day) if day else db.session.scalars(snapshots_newest().limit(1)).first()
    except (InvalidDate, NoSnapshot) as refused:
        return no_such_day(refused)
    definition = (
        figures.figures(db.session, current_actor(), Dimension.TOTAL, snapshot.day).definition if snapshot else None
    )
    return render_template(
        "authority/home/derivation.html",
        snapshot=snapshot,
        check=snapshots.check(db.session, snapshot) if snapshot else None,
        sentences=SENTENCES[definition.rule] if definition else (),
        definition=definition,
    )


def named(dimension: Dimension, value: str) -> str:
    """What a person reads for a value of a dimension."""
    words = dimension.label
    match dimension:
        case Dimension.CHAIN:
            words = value or N_("Không thuộc chuỗi nào")
        case Dimension.COMMUNE if value:
            words = gazetteer().commune(value).name
        case Dimension.KIND if value:
            words = BusinessKind(value).label
        case Dimension.COMMODITY if value:
            words = Commodity(value).label
        case Dimension.COMMUNE | Dimension.KIND | Dimension.COMMODITY:
            words = N_("Chưa rõ")
    return str(_(words))


def columns(dimension: Dimension) -> list[Column[Row]]:
    def reached(place: int) -> Callable[[Row], int]:
        return lambda row: row.stages[place].numerator

    def kilograms(reach: Reach) -> Callable[[Row], int | None]:
        return lambda row: row.grams.get(reach, 0) // 1000 if row.grams else None

    return [
        Column(dimension.label, lambda row: named(dimension, row.value), 32),
        *(Column(stage.label, reached(place)) for place, stage in enumerate(StageName)),
        Column(N_("Tỷ lệ truy xuất được (%)"), lambda row: percentage(row.traceable, row.listed)),
        *(Column(label, kilograms(reach)) for reach, label in AMOUNT_TITLES.items()),
    ]


AMOUNT_TITLES = {
    Reach.PUBLISHED: N_("Đã công bố (kg)"),
    Reach.COMPLETE: N_("Đủ mười nội dung (kg)"),
    Reach.LABELLED: N_("Có tem (kg)"),
    Reach.HANDED_OVER: N_("Đã giao nhận (kg)"),
    Reach.END_TO_END: N_("Truy xuất được (kg)"),
}


def _asked() -> Figures:
    by = filters.choice(Dimension, "by") or Dimension.TOTAL
    return figures.figures(db.session, current_actor(), by, filters.kept_day())


def _behind(found: Figures, value: str) -> str | None:
    """Where the businesses behind a figure are listed, as of its day; None where they cannot be asked for."""
    by = found.dimension
    if not value and by is not Dimension.TOTAL:
        return None
    asked = {by.value: gazetteer().commune(value).full_name if by is Dimension.COMMUNE else value} if value else {}
    if found.snapshot:
        asked["day"] = format_date(found.day)
    return url_for("authority.home_progress", **asked)  # type: ignore[arg-type]


def _funnel(found: Figures) -> object:
    if len(found.rows) != 1:
        return None
    return funnel(
        _("Từ danh sách chính thức đến truy xuất được"),
        [
            Bar(
                _(stage.name.label),
                stage.numerator,
                stage.denominator,
                f"{number(stage.numerator)}/{number(stage.denominator)} · {percent(stage.numerator, stage.denominator)}",
            )
            for stage in found.rows[0].stages
        ],
    )


def _trend(points: list[Point], target: int | None) -> object:
    if not any(point.percent is not None for point in points):
        return None
    label = _("Chỉ tiêu %(percent)s%%", percent=target) if target is not None else ""
    return trend(_("Tỷ lệ truy xuất được cuối mỗi tháng"), points, target, label)


def _months() -> list[date]:
    return months_to(today(), MONTHS)


def _points() -> Iterator[Point]:
    """As each of the last months ended, of the city or of the officer's commune; today's stands for this one."""
    ends = figures.by_month(db.session, current_actor(), _months()[0], today())
    for month in _months():
        row = ends.get(month)
        share = 100 * row.traceable / row.listed if row else None
        yield Point(_label(month), share, percent(row.traceable, row.listed) if row else "")


def _label(month: date) -> str:
    return f"{month:%m/%y}"


def _lapsing() -> list[Month]:
    """Verified certificates by the month in which they lapse, from this one on; none where none do."""
    first = today()
    question: Any = lapsing_by_month(first, first + timedelta(days=365))
    found = db.session.execute(within_office(question, Certificate.business_id))
    return [Month(f"{month:02}/{year % 100:02}", count, number(count)) for year, month, count in found]


def _map(found: Figures) -> object:
    rows = {row.value: row for row in found.rows}
    places = []
    for commune in gazetteer().communes(CITY):
        row = rows.get(commune.code)
        places.append(
            Place(
                commune.name,
                commune.latitude,
                commune.longitude,
                commune.area_km2,
                row.traceable / row.listed if row else None,
                f"{number(row.traceable)}/{number(row.listed)} · {percent(row.traceable, row.listed)}"
                if row
                else _("không có cơ sở trong danh sách"),
                _behind(found, commune.code) or "",
            )
        )
    return commune_map(_("Tỷ lệ truy xuất được theo xã, phường"), places)
