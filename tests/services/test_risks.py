"""Facts are counted from the records, for many businesses at once; the score follows, and so does its history."""

from datetime import date, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests import factories
from tests.client import Clock
from tests.risk_records import complain, one_of_each, published
from trace.domain.businesses import BusinessStatus
from trace.domain.certificates import CertificateScheme
from trace.domain.inspections import Grade
from trace.domain.permissions import Actor
from trace.domain.products import Commodity
from trace.domain.risks import Fact, Factor
from trace.services import audit, risks
from trace.storage.businesses import Business
from trace.storage.risks import BusinessRisk, highest_first, risk_of, risks_where, scores_of

NOW = factories.NOW
TODAY = date(2026, 3, 2)

pytestmark = pytest.mark.usefixtures("in_march")


@pytest.fixture
def in_march(clock: Clock) -> None:
    clock.set(NOW)


@pytest.fixture
def officer(session: Session) -> Actor:
    return factories.actor(factories.make_officer(session))


def score(session: Session, business: Business) -> int:
    return session.scalars(risk_of(business.id).execution_options(populate_existing=True)).one().score


def test_every_kind_of_fact_is_counted_of_its_own_business_and_period(session: Session) -> None:
    farm, shop = factories.make_business(session), factories.make_business(session)
    one_of_each(session, farm, shop)

    found = risks.facts_of(session, [farm.id, shop.id])
    vegetables = Fact(Factor.COMMODITY, 1, Commodity.VEGETABLES)
    assert set(found[farm.id]) == {
        vegetables,
        Fact(Factor.VOLUME, 60),
        Fact(Factor.GRADE, 1, Grade.C),
        Fact(Factor.LAST_VISIT, 91),
        Fact(Factor.FINDING_OVERDUE, 1),
        Fact(Factor.CERTIFICATE_LAPSED, 45, CertificateScheme.VIETGAP),
        Fact(Factor.EXCESS, 1),
        Fact(Factor.LATE_ENTRY, 1),
        Fact(Factor.COPIED_DATA, 1),
        Fact(Factor.INTERVAL_VIOLATED, 1),
        Fact(Factor.UNANSWERED_OFFER, 1),
        Fact(Factor.COMPLAINT, 1),
        Fact(Factor.ILLNESS, 1),
        Fact(Factor.SUSPICIOUS_STAMP, 1),
        Fact(Factor.RECALL, 1),
    }
    assert set(found[shop.id]) == {
        vegetables,
        Fact(Factor.VOLUME, 0),
        Fact(Factor.NEVER_VISITED, 1),
        Fact(Factor.IGNORED_OFFER, 1),
        Fact(Factor.OUTSIDERS_ONLY, 1),
    }


def test_the_score_is_the_sum_by_the_weights_of_the_file(session: Session) -> None:
    farm = factories.make_business(session)
    batch = published(session, farm, amount=60_000_000)
    factories.make_certificate(session, farm, valid_until=TODAY - timedelta(days=45), valid_from=date(2025, 1, 1))
    complain(session, batch, "A")
    session.commit()
    risks.recount_all(session)
    risk = session.scalars(risk_of(farm.id)).one()
    assert [(point.fact.factor, point.points) for point in risk.points] == [
        (Factor.CERTIFICATE_LAPSED, 8),
        (Factor.COMMODITY, 6),
        (Factor.NEVER_VISITED, 6),
        (Factor.VOLUME, 2),
        (Factor.COMPLAINT, 2),
    ]
    assert risk.score == 24


def test_only_what_was_touched_is_counted_between_the_nights(session: Session, clock: Clock, officer: Actor) -> None:
    farm, other = factories.make_business(session), factories.make_business(session)
    batches = [published(session, each) for each in (farm, other)]
    session.commit()
    risks.recount_all(session)
    assert risks.recount_changed(session) == 0
    clock.advance(minutes=1)
    for batch in batches:
        complain(session, batch, f"A{batch.id}")
    audit.record(session, officer, "complaints:report", batches[0])
    session.commit()
    before = score(session, other)
    assert risks.recount_changed(session) == 1
    assert score(session, farm) == before + 2
    assert score(session, other) == before
    risks.recount_all(session)
    assert score(session, other) == before + 2
    assert [one.score for one in session.scalars(scores_of(farm.id))] == [before + 2, before]


def test_a_business_that_is_not_approved_has_no_score(session: Session) -> None:
    farm = factories.make_business(session)
    session.commit()
    risks.recount_all(session)
    farm.status = BusinessStatus.SUSPENDED
    session.commit()
    risks.count(session, [farm.id])
    assert session.scalars(select(BusinessRisk)).all() == []
    assert len(session.scalars(scores_of(farm.id)).all()) == 1


def test_the_list_goes_on_after_the_last_of_a_page(session: Session) -> None:
    quiet, farm, shop = (factories.make_business(session) for _ in range(3))
    for business in (farm, shop):
        factories.make_product(session, business)
    session.commit()
    risks.recount_all(session)
    question = risks_where()
    assert [each.business_id for each in session.scalars(highest_first(question))] == [shop.id, farm.id, quiet.id]
    assert [each.business_id for each in session.scalars(highest_first(question, shop.id))] == [farm.id, quiet.id]
    of_vegetables = highest_first(risks_where(commodity=Commodity.VEGETABLES), shop.id)
    assert [each.business_id for each in session.scalars(of_vegetables)] == [farm.id]
