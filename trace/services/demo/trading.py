"""The acts with goods: harvests and what becomes of them, what shoppers see and say."""

from datetime import timedelta

from sqlalchemy import select

from ...domain.complaints import tracking_number
from ...domain.permissions import Actor
from ...storage.batches import Batch
from ...storage.products import Product
from ...storage.sites import Site
from .. import batches, chain, clock, complaints, label_issues
from ..batches import BatchFacts
from ..complaints import ComplaintDetails
from ..label_issues import IssueOrder
from ..label_runs import common_sheet
from . import script
from .script import Harvest, Report
from .stage import Stage

KEY = "demo "
"""Before the part in the ``client_key`` of a batch of the story."""
PHONES = (
    "Mozilla/5.0 (Linux; Android 14; SM-A156E) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/130 Mobile Safari/537.36",
    "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.5 "
    "Mobile/15E148 Safari/604.1",
    "Mozilla/5.0 (Linux; Android 12; Redmi Note 11) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/128 Mobile Safari/537.36",
)
PREVIEW = "facebookexternalhit/1.1"


def harvest(stage: Stage, harvest: Harvest, *, season_id: int | None = None) -> None:
    business_id = stage.businesses[harvest.house]
    person = stage.actor("cooperative_staff" if harvest.house == "cooperative" else harvest.house)
    product = stage.session.scalars(
        select(Product).where(Product.business_id == business_id, Product.name == harvest.goods)
    ).one()
    places = {site.code: site.id for site in stage.session.scalars(select(Site).where(Site.business_id == business_id))}
    with stage.on(harvest.days_ago, 7, 40):
        facts = BatchFacts(
            product_id=product.id,
            site_id=places[harvest.place],
            amount=harvest.kilograms * 1000,
            production_date=clock.today(),
            season_id=season_id,
        )
        key = KEY + harvest.part
        batch = batches.register(stage.session, person, business_id, facts, client_key=key)
        stage.batches[harvest.part] = batch.id
        if not harvest.days_ago:
            return
        batches.publish(
            stage.session, person, batch.id, public_url=stage.public_url, random_bytes=stage.random.randbytes
        )
    if harvest.packed_at:
        with stage.on(harvest.days_ago, 10, 5):
            chain.record_packing(
                stage.session,
                person,
                batch.id,
                at=clock.now() - timedelta(minutes=35),
                site_id=places[harvest.packed_at],
                packs=harvest.kilograms * 2,
                public_url=stage.public_url,
            )
    _afterwards(stage, harvest, person, batch.id, facts)


def _afterwards(stage: Stage, harvest: Harvest, person: Actor, batch_id: int, facts: BatchFacts) -> None:
    if harvest.part == "corrected":
        with stage.on(harvest.days_ago - 1, 16):
            batches.correct(
                stage.session,
                person,
                batch_id,
                BatchFacts(
                    product_id=facts.product_id,
                    site_id=facts.site_id,
                    amount=script.CORRECTED_KILOGRAMS * 1000,
                    production_date=facts.production_date,
                ),
                reason=script.CORRECTION,
                public_url=stage.public_url,
            )
    elif harvest.part in ("withdrawn", "only_withdrawn"):
        with stage.on(harvest.days_ago - 3, 11):
            batches.withdraw(stage.session, person, batch_id, reason=script.WITHDRAWAL)
    elif harvest.part in ("complete", "tomatoes"):
        with stage.on(harvest.days_ago, 10, 20):
            order = IssueOrder(count=65, way=common_sheet("tomy-145"))
            label_issues.equal_labels(stage.session, person, batch_id, order, public_url=stage.public_url)


def complain(stage: Stage, report: Report) -> None:
    batch = stage.session.get_one(Batch, stage.batches[report.batch])
    with stage.on(report.days_ago, 18, 30):
        complaint = complaints.report(
            stage.session,
            stage.store,
            code=batch.public_code or "",
            reason=report.reason,
            details=ComplaintDetails(text=report.text, phone=report.phone),
            tracking_number=tracking_number(stage.random.randbytes(5)),
        )
    owner = next(part for part, each in stage.businesses.items() if each == batch.business_id)
    for later, (who, text, outcome) in enumerate(report.answers, start=1):
        with stage.on(max(0, report.days_ago - later), 9):
            actor = stage.actor(owner if who == "business" else "officer")
            complaints.answer(stage.session, actor, complaint_id=complaint.id, text=text, to=outcome)


def look(stage: Stage) -> None:
    """Some days of looks at labels, a link preview and a code that leads nowhere among them."""
    wanted = select(Batch.id, Batch.public_code).where(Batch.public_code.isnot(None)).order_by(Batch.id)
    shown = [(batch_id, code or "") for batch_id, code in stage.session.execute(wanted)]
    stage.session.rollback()  # the writer has a session of its own
    for days_ago in range(6, 0, -1):
        for hour in sorted(stage.random.sample(range(8, 21), 6)):
            batch_id, code = stage.random.choice(shown[-12:])
            with stage.on(days_ago, hour, stage.random.randrange(60)):
                _look(stage, batch_id, code, stage.random.choice(PHONES))
    with stage.on(1, 12):
        _look(stage, shown[-1][0], shown[-1][1], PREVIEW)
        _look(stage, None, "0000000000", PHONES[0])


def _look(stage: Stage, batch_id: int | None, code: str, user_agent: str) -> None:
    address = f"192.0.2.{stage.random.randrange(1, 255)}"  # for documentation (RFC 5737)
    stage.scans.record(batch_id=batch_id, code=code, user_agent=user_agent, language="vi", address=address)
