"""The department's plan of the year: copied from 96/KH-UBND, with some activities, a figure from outside and a frozen report."""

from datetime import date, timedelta
from decimal import Decimal

from sqlalchemy import select

from ...domain.activities import ActivityFacts, ActivityKind
from ...domain.permissions import Actor
from ...domain.plans import Period
from ...domain.reports import ReportTexts
from ...storage.plans import Plan, PlanIndicator
from .. import activities, plans, reports
from ..plan_facts import FigureFacts, PlanFacts
from .stage import Stage

ACTIVITIES = (
    (ActivityKind.CONNECTION_EVENT, "Hội nghị kết nối cung cầu nông sản an toàn (ví dụ)", 40, 1, 180, 62),
    (ActivityKind.CLASS, "Lớp sản xuất sạch hơn cho nhà phân phối (ví dụ)", 30, 1, 35, None),
    (ActivityKind.ARTICLE, "Quét mã để biết rau từ đâu (ví dụ)", 20, 3, None, None),
    (ActivityKind.LEAFLET, "Tờ rơi hướng dẫn quét mã (ví dụ)", 15, 5000, None, None),
)
"""Kind, title, days ago, how many, people, stands."""
EVIDENCE = "https://example.com/minh-chung"


def plan(stage: Stage) -> None:
    """All within this year, so that its report has something to tell even on the second of January."""
    officer, year = stage.actor("officer"), stage.today.year
    earlier = stage.session.scalars(select(Plan).where(Plan.number == "96/KH-UBND")).one()
    facts = PlanFacts(
        number=f"00/KH-UBND năm {year} (ví dụ)",
        title=f"Kế hoạch sản xuất và tiêu dùng bền vững năm {year} (ví dụ)",
        issuer="UBND thành phố Hà Nội",
        issued_on=date(year, 1, 1),
        starts_on=date(year, 1, 1),
        ends_on=date(year, 12, 31),
        source="Sao chép từ Kế hoạch 96/KH-UBND năm 2020 để trình diễn",
    )
    this_year = plans.add(stage.session, officer, facts, copied_from=earlier.id)
    for kind, title, days_ago, count, audience, stands in ACTIVITIES:
        done = ActivityFacts(
            kind=kind,
            title=title,
            held_on=max(stage.today - timedelta(days=days_ago), date(year, 1, 1)),
            place="Hà Nội",
            count=count,
            audience=audience,
            stands=stands,
            links=(EVIDENCE,),
        )
        made = activities.record(stage.session, officer, done)
        if kind.has_participants:
            taking_part = [stage.businesses[part] for part in ("packing_house", "shop")]
            activities.add_participants(stage.session, officer, made.id, taking_part)
    outside = stage.session.scalars(
        select(PlanIndicator).where(PlanIndicator.plan_id == this_year.id, PlanIndicator.ref == "I.4.3")
    ).one()
    half = Period(year, 1 if stage.today.month < 7 else 2)
    entered = FigureFacts(period=half, value=Decimal("41.5"), source="Báo cáo của Ban quản lý khu công nghiệp (ví dụ)")
    plans.enter_figure(stage.session, officer, outside.id, entered)
    _report(stage, officer, this_year.id, half)


def _report(stage: Stage, officer: Actor, plan_id: int, half: Period) -> None:
    texts = ReportTexts(
        parent_agency="UBND thành phố Hà Nội",
        agency="Sở Nông nghiệp và Môi trường",
        symbol="00/BC-SNNMT (ví dụ)",
        place="Hà Nội",
        dated_on=stage.today,
        addressee="UBND thành phố Hà Nội",
        basis="Căn cứ Kế hoạch số 96/KH-UBND ngày 07/5/2020 của UBND thành phố Hà Nội;",
        difficulties="Nhiều hộ sản xuất chưa ghi nhật ký hằng ngày.",
        proposals="Hỗ trợ máy in tem cho các hợp tác xã.",
        recipients="Như trên;\nLưu: VT.",
        signer_title="Giám đốc",
    )
    frozen = reports.draft(stage.session, officer, plan_id, half, texts)
    reports.freeze(stage.session, officer, frozen.id, public_url=stage.public_url)
    reports.draft(stage.session, officer, plan_id, Period(half.year), texts)
