"""The acts between harvest and shelf: cleaning, keeping cool, a laboratory's report, and two harvests in one batch."""

from datetime import timedelta

from sqlalchemy import select

from ...domain.laboratory import Finding, LaboratoryFacts, LaboratoryStatus
from ...domain.sensors import Reading
from ...domain.vocabulary import BusinessStep
from ...storage.batches import Batch
from ...storage.sites import Site
from .. import balance, chain, clock, laboratory, recording
from ..balance import TransformationFacts
from ..files import Proof
from ..recording import StepFacts
from .papers import laboratory_report
from .stage import Stage
from .trading import KEY

LABORATORY = "Phòng kiểm nghiệm Giọt Sương (ví dụ)"
REPORT = "VIDU-KN-0201"
FINDINGS = (
    Finding("Chlorpyrifos", "KPH", "mg/kg", "0,01"),
    Finding("Cypermethrin", "0,03", "mg/kg", "0,2"),
    Finding("E. coli", "< 10", "CFU/g", "100"),
)


def care(stage: Stage) -> None:
    """What the co-operative did with its tomatoes."""
    business_id, person = stage.businesses["cooperative"], stage.actor("cooperative_staff")
    tomatoes, older = (stage.session.get_one(Batch, stage.batches[part]) for part in ("tomatoes", "cooperative 1"))
    packing_house = stage.session.scalars(select(Site).where(Site.business_id == business_id, Site.code == "NSC")).one()
    with stage.on(2, 16):
        evening = clock.now()
        readings = [
            Reading(at=evening - timedelta(minutes=30 * ago), temperature=118 + 3 * ago, humidity=86 - ago)
            for ago in range(8)
        ]
        for step, ago, measured in (
            (BusinessStep.PRELIMINARY_PROCESSING, 460, ()),
            (BusinessStep.STORING, 225, readings),
        ):
            facts = StepFacts(
                step=step, at=evening - timedelta(minutes=ago), site_id=packing_house.id, readings=measured
            )
            recording.record(stage.session, person, business_id, tomatoes.id, facts, public_url=stage.public_url)
    with stage.on(1, 15, 20):
        paper = laboratory_report(
            laboratory=LABORATORY, number=REPORT, product=tomatoes.product.name, lot=tomatoes.lot, findings=FINDINGS
        )
        test = laboratory.submit(
            stage.session,
            person,
            business_id,
            tomatoes.id,
            LaboratoryFacts(
                laboratory=LABORATORY,
                report=REPORT,
                sampled_at=evening - timedelta(hours=7),
                site_id=packing_house.id,
                passed=True,
                findings=FINDINGS,
            ),
            paper=Proof(data=paper, store=stage.store),
            public_url=stage.public_url,
        )
    with stage.on(1, 16, 40):
        laboratory.decide(stage.session, stage.actor("officer"), test.id, LaboratoryStatus.CONFIRMED)
    with stage.on(1, 17):
        mixed = balance.transform(
            stage.session,
            person,
            business_id,
            TransformationFacts(
                inputs=[(older.id, 200_000), (tomatoes.id, 150_000)],
                product_id=tomatoes.product_id,
                site_id=packing_house.id,
                amount=342_000,
                loss=6_500,
                at=clock.now() - timedelta(minutes=50),
            ),
            public_url=stage.public_url,
            client_key=f"{KEY}mixed",
            random_bytes=stage.random.randbytes,
        )
        stage.batches["mixed"] = mixed.id
        chain.record_packing(
            stage.session,
            person,
            mixed.id,
            at=clock.now() - timedelta(minutes=15),
            site_id=packing_house.id,
            packs=684,
            public_url=stage.public_url,
        )
