"""What a code leads to, and what it keeps to itself."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import event
from sqlalchemy.orm import Session

from tests import factories
from tests.client import Clock
from trace.domain.businesses import BusinessStatus
from trace.domain.certificates import CertificateScheme, CertificateStatus, Standing
from trace.domain.evidence import Evidence
from trace.domain.public_batches import PublicBatch
from trace.domain.verdicts import Verdict
from trace.domain.vocabulary import BusinessStep
from trace.services import batches, chain
from trace.services.completeness import completeness_of
from trace.services.resolver import resolve
from trace.storage.batches import Batch

MORNING = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
URL = "http://trace.test"


@pytest.fixture(autouse=True)
def _in_march(clock: Clock) -> None:
    clock.set(MORNING)


@pytest.fixture
def owner(session: Session) -> Any:
    return factories.make_user(session)


def published(session: Session, owner: Any, *, packed: bool = True, business: Any = None, **facts: Any) -> Batch:
    business = business or factories.make_business(session, owner=owner)
    batch = factories.make_batch(session, business, best_before=date(2026, 3, 6), **facts)
    session.commit()
    actor = factories.actor(owner)
    batches.publish(session, actor, batch.id, public_url=URL)
    if packed:
        chain.record_packing(
            session, actor, batch.id, at=MORNING - timedelta(hours=2), site_id=batch.site_id, public_url=URL
        )
    return batch


def look(session: Session, code: str | None) -> PublicBatch:
    found = resolve(session, code or "").batch
    assert found
    return found


def test_a_complete_batch_says_so(session: Session, owner: Any) -> None:
    batch = published(session, owner)
    found = look(session, batch.public_code)
    assert found.verdicts == (Verdict.COMPLETE,)
    assert found.days_left == 4
    assert [step.step for step in found.steps] == [BusinessStep.PACKING, BusinessStep.CREATING_CLASS_INSTANCE]
    assert found.business.commune == "Phường Hoàn Kiếm, Hà Nội"


def test_a_code_is_read_in_any_case_and_grouping(session: Session, owner: Any) -> None:
    code = published(session, owner).public_code or ""
    assert look(session, f" {code[:3].lower()}-{code[3:7].lower()} {code[7:]}").code == code


def test_a_missing_stage_stands_where_the_chain_expects_it(session: Session, owner: Any) -> None:
    batch = published(session, owner, packed=False)
    found = look(session, batch.public_code)
    assert found.verdicts == (Verdict.INCOMPLETE,)
    assert [(step.step, step.evidence) for step in found.steps] == [
        (BusinessStep.PACKING, Evidence.MISSING),
        (BusinessStep.CREATING_CLASS_INSTANCE, Evidence.DECLARED),
    ]


def test_the_page_and_the_count_judge_alike(session: Session, owner: Any) -> None:
    business = factories.make_business(session, owner=owner)
    factories.make_certificate(session, business)
    bare = factories.make_product(session, business, photo_id=None, standards=[])
    by_certificate = factories.make_product(session, business, standards=[])
    for facts in ({}, {"product_id": bare.id}, {"product_id": by_certificate.id}):
        for packed in (True, False):
            batch = published(session, owner, packed=packed, business=business, **facts)
            assert look(session, batch.public_code).completeness == completeness_of(session, batch)


def test_a_step_declared_wrong_is_shown_so_and_counts_for_nothing(session: Session, owner: Any) -> None:
    batch = published(session, owner)
    wrong = next(iter(session.scalars(chain.standing_events(batch.id).where(chain.Event.business_step == "packing"))))
    chain.declare_error(session, factories.actor(owner), batch.id, wrong.id, reason="nhầm lô")
    steps = look(session, batch.public_code).steps
    assert [step.wrong.reason if step.wrong else "" for step in steps].count("nhầm lô") == 1
    assert [step.evidence for step in steps if not step.wrong] == [Evidence.MISSING, Evidence.DECLARED]


def test_a_correction_is_told_with_its_reason(session: Session, owner: Any) -> None:
    batch = published(session, owner)
    facts = batches.BatchFacts(
        product_id=batch.product_id,
        site_id=batch.site_id,
        amount=batch.amount,
        production_date=date(2026, 2, 28),
        lot=batch.lot,
        best_before=batch.best_before,
    )
    batches.correct(session, factories.actor(owner), batch.id, facts, reason="gõ nhầm ngày", public_url=URL)
    found = look(session, batch.public_code)
    assert [(each.on, each.reason) for each in found.corrections] == [(date(2026, 3, 2), "gõ nhầm ngày")]
    assert found.production_date == date(2026, 2, 28)


def test_a_withdrawn_batch_stays_readable(session: Session, owner: Any) -> None:
    batch = published(session, owner)
    batches.withdraw(session, factories.actor(owner), batch.id, reason="bao bì rách")
    found = look(session, batch.public_code)
    assert found.verdicts[0] is Verdict.WITHDRAWN
    assert (found.withdrawn_on, found.withdrawn_reason) == (date(2026, 3, 2), "bao bì rách")


@pytest.mark.parametrize(
    ("status", "verdict"),
    [(BusinessStatus.SUSPENDED, Verdict.SUSPENDED), (BusinessStatus.WITHDRAWN, Verdict.UNLISTED)],
)
def test_the_business_standing_outranks_the_batch(
    session: Session, owner: Any, status: BusinessStatus, verdict: Verdict
) -> None:
    batch = published(session, owner)
    batch.business.status = status
    session.commit()
    found = look(session, batch.public_code)
    assert found.verdicts[0] is verdict
    assert (found.business.suspended_on is not None) is (status is BusinessStatus.SUSPENDED)


def test_phone_and_street_show_only_where_the_business_wants_it(session: Session, owner: Any) -> None:
    shy = factories.make_business(session, owner=owner, street="Ngõ 1")
    open_one = factories.make_business(session, owner=owner, street="Ngõ 1", visibility={"phone": True, "street": True})
    hidden = look(session, published(session, owner, business=shy).public_code).business
    shown = look(session, published(session, owner, business=open_one).public_code).business
    assert (hidden.street, hidden.phone) == ("", "")
    assert (shown.street, shown.phone) == ("Ngõ 1", "+84912345678")


def test_neither_amount_nor_position_nor_person_is_in_what_a_shopper_gets(session: Session, owner: Any) -> None:
    business = factories.make_business(session, owner=owner)
    site = factories.make_site(session, business, latitude=20.987654, longitude=105.876543)
    batch = published(session, owner, business=business, site_id=site.id, amount=987_654)
    seen = repr(look(session, batch.public_code))
    for secret in ("987654", "20.98", "105.87", owner.email, owner.name, site.name):
        assert secret not in seen


def test_certificates_are_judged_on_the_day_of_production_and_today(session: Session, owner: Any, clock: Clock) -> None:
    business = factories.make_business(session, owner=owner)
    factories.make_certificate(session, business, valid_until=date(2026, 3, 3))
    batch = published(session, owner, business=business)
    clock.set(MORNING + timedelta(days=3))
    (paper,) = look(session, batch.public_code).certificates
    assert (paper.at_production, paper.today) == (Standing.VALID, Standing.LAPSED)


def test_only_certificates_that_cover_the_batch_are_shown(session: Session, owner: Any) -> None:
    business = factories.make_business(session, owner=owner)
    other = factories.make_site(session, business)
    factories.make_certificate(session, business, sites=[other])
    factories.make_certificate(session, business, status=CertificateStatus.REFUSED)
    factories.make_certificate(session, business, scheme=CertificateScheme.HACCP, valid_until=date(2026, 1, 2))
    factories.make_certificate(session, business, scheme=CertificateScheme.ORGANIC, number="còn hạn")
    factories.make_certificate(
        session, business, scheme=CertificateScheme.ORGANIC, number="cũ", valid_until=date(2026, 1, 2)
    )
    found = look(session, published(session, owner, business=business).public_code).certificates
    assert [(paper.scheme, paper.at_production) for paper in found] == [
        (CertificateScheme.ORGANIC, Standing.VALID),
        (CertificateScheme.HACCP, Standing.LAPSED),
    ]


def test_a_draft_has_no_page(session: Session, owner: Any) -> None:
    factories.make_batch(session, factories.make_business(session, owner=owner))
    assert resolve(session, "").batch is None


def test_a_typing_error_is_offered_the_codes_that_exist(session: Session, owner: Any) -> None:
    code = published(session, owner).public_code or ""
    slip = ("0" if code[0] != "0" else "1") + code[1:]
    resolution = resolve(session, slip)
    assert resolution.batch is None
    assert resolution.nearest == (code,)
    assert resolution.fault


@pytest.mark.parametrize("typed", ["", "x", "💚" * 500, "../../etc", "7K3M9XW2QU", "\x00\x01", "A" * 5000])
def test_anything_may_be_typed(session: Session, typed: str) -> None:
    resolution = resolve(session, typed)
    assert resolution.batch is None
    assert resolution.nearest == ()


def test_a_page_costs_at_most_four_questions(session: Session, owner: Any) -> None:
    business = factories.make_business(session, owner=owner)
    for _ in range(3):
        factories.make_certificate(session, business)
    batch = published(session, owner, business=business)
    code = batch.public_code or ""
    session.commit()
    asked: list[str] = []
    event.listen(session.get_bind(), "before_cursor_execute", lambda *a: asked.append(a[2]))
    look(session, code)
    assert len([each for each in asked if each.startswith("SELECT")]) <= 4, asked
