"""Another definition is tried on the list, proposed by one officer, approved by a second, and old figures keep theirs."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from sqlalchemy.orm import Session

from tests import factories
from tests.approving import approve
from tests.client import Clock
from trace.domain.approvals import AlreadyProposed, ApprovalKind
from trace.domain.coverage import Dimension, Progress
from trace.domain.coverage_definitions import DefinitionChanged, DefinitionTooLate, NothingToDivideBy
from trace.domain.errors import InvalidFields, NotAllowed
from trace.domain.permissions import Actor, OfficeRole
from trace.domain.stages import ReferenceUnchanged
from trace.services import coverage, figures, snapshots
from trace.services import coverage_definitions as definitions
from trace.services.coverage_definitions import DefinitionFacts
from trace.services.recounting import recount_from_events
from trace.services.settling import settle
from trace.storage.coverage import Match
from trace.storage.standings import cells_of

TODAY = date(2026, 3, 2)
FACTS = DefinitionFacts(
    period_months=12,
    active_days=30,
    since=TODAY + timedelta(days=1),
    source="Công văn 5",
    reason="Một quý là quá lâu với rau ăn lá",
)


@pytest.fixture(autouse=True)
def in_march(clock: Clock) -> None:
    clock.set(factories.NOW)


@pytest.fixture
def officer(session: Session) -> Actor:
    return factories.actor(factories.make_officer(session, name="Cán bộ Hà"))


@pytest.fixture
def listed(session: Session) -> None:
    """A farm that wrote something sixty days ago, and an entry of nobody."""
    farm = factories.make_business(session, last_event_on=TODAY - timedelta(days=60))
    listed = factories.make_register_list(session)
    factories.make_register_entry(session, listed, business_id=farm.id, match=Match.CONFIRMED)
    factories.make_register_entry(session, listed)
    session.commit()
    settle(session)


@pytest.mark.usefixtures("listed")
def test_a_preview_says_what_each_stage_would_become(session: Session, officer: Actor) -> None:
    effect = definitions.preview(session, officer, FACTS)
    assert effect.before == {Progress.NO_BATCH: 1, Progress.NOT_ENROLLED: 1}
    assert effect.after == {Progress.INACTIVE: 1, Progress.NOT_ENROLLED: 1}


@pytest.mark.usefixtures("listed")
def test_a_new_definition_counts_from_its_day_on_and_old_figures_keep_theirs(
    session: Session, officer: Actor, clock: Clock
) -> None:
    asked = definitions.propose(session, officer, FACTS, seen=2)
    assert definitions.foreseen(asked).after[Progress.INACTIVE] == 1
    with pytest.raises(AlreadyProposed):
        definitions.propose(session, officer, FACTS)
    session.rollback()
    approve(session, ApprovalKind.COVERAGE_DEFINITION, asked.subject_id or 0)
    settle(session)
    kept = snapshots.take(session)
    assert kept
    assert coverage.headline(session, officer).progress[Progress.NO_BATCH] == 1
    clock.advance(days=1)
    assert coverage.headline(session, officer).definition.version == 2, "until the list is counted anew"
    settle(session)
    now = coverage.headline(session, officer)
    assert (now.definition.version, now.definition.active_days) == (3, 30)
    assert now.progress[Progress.INACTIVE] == 1
    total = {step: count for _, step, count in session.execute(cells_of(1, Dimension.TOTAL, ""))}
    recounted = recount_from_events(session)
    assert {step: count for (by, _, step), count in recounted.items() if by is Dimension.TOTAL} == total
    before = figures.figures(session, officer, Dimension.TOTAL, kept.day)
    assert (before.definition.version, before.rows[0].progress[Progress.NO_BATCH]) == (2, 1)
    assert snapshots.check(session, kept).holds
    with pytest.raises(DefinitionChanged, match="phiên bản 3"):
        definitions.propose(session, officer, FACTS, seen=2)
    session.rollback()
    with pytest.raises(ReferenceUnchanged):
        definitions.propose(session, officer, replace(FACTS, since=TODAY + timedelta(days=9)))


@pytest.mark.usefixtures("listed")
def test_a_definition_that_is_approved_too_late_is_proposed_anew(
    session: Session, officer: Actor, clock: Clock
) -> None:
    asked = definitions.propose(session, officer, FACTS)
    clock.advance(days=1)
    with pytest.raises(DefinitionTooLate, match="03/03/2026"):
        approve(session, ApprovalKind.COVERAGE_DEFINITION, asked.subject_id or 0)


@pytest.mark.parametrize(
    ("fault", "field"),
    [
        ({"period_months": 0}, "period_months"),
        ({"period_months": None}, "period_months"),
        ({"active_days": 0}, "active_days"),
        ({"active_days": 10_000}, "active_days"),
        ({"since": TODAY}, "since"),
        ({"since": None}, "since"),
        ({"source": " "}, "source"),
        ({"reason": ""}, "reason"),
    ],
)
@pytest.mark.usefixtures("listed")
def test_a_bad_definition_gets_a_sentence(
    session: Session, officer: Actor, fault: dict[str, object], field: str
) -> None:
    with pytest.raises(InvalidFields) as refused:
        definitions.propose(session, officer, replace(FACTS, **fault))  # type: ignore[arg-type] # values of several types
    assert field in {error.field for error in refused.value.errors}


def test_without_a_list_there_is_nothing_to_divide_by(session: Session, officer: Actor) -> None:
    with pytest.raises(NothingToDivideBy):
        definitions.preview(session, officer, FACTS)


def test_the_definition_belongs_to_who_keeps_data(session: Session) -> None:
    commune = factories.actor(factories.make_officer(session, OfficeRole.COMMUNE, office_commune_code="00004"))
    with pytest.raises(NotAllowed):
        definitions.preview(session, commune, FACTS)
