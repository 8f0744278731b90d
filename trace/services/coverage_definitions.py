"""Proposing another definition of what counts as traceable, after looking at what it does to the figures."""

from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy.orm import Session

from ..domain.approvals import ApprovalKind
from ..domain.coverage import Effect, effect_from
from ..domain.coverage_definitions import (
    Definition,
    DefinitionChanged,
    DefinitionTooLate,
    NothingToDivideBy,
    check_definition,
)
from ..domain.permissions import Actor, Permission, require
from ..domain.stages import ReferenceUnchanged, check_reference
from ..domain.text import clean, clean_lines
from ..storage.approvals import Approval
from ..storage.coverage import current_list
from ..storage.coverage_definitions import CoverageDefinition, definitions_said
from . import approvals, audit
from .changes import Faults
from .clock import now, today
from .standings import definition_of, progress_under


@dataclass(frozen=True, kw_only=True)
class DefinitionFacts:
    """The rule stays; ``since`` is a day after today."""

    period_months: int | None
    active_days: int | None
    since: date | None
    source: str = ""
    reason: str = ""


def preview(session: Session, actor: Actor, facts: DefinitionFacts) -> Effect:
    """What this definition would make of the list as it stands today. Raises InvalidFields or NothingToDivideBy."""
    require(actor, Permission.COVERAGE_DEFINE)
    latest = session.scalars(definitions_said().limit(1)).one()
    _check(facts, latest)
    return _effect(session, _definition(facts, latest))


def propose(session: Session, actor: Actor, facts: DefinitionFacts, *, seen: int | None = None) -> Approval:
    """Ask a second person for a new version, and keep what it would do to the figures for them to see.

    ``seen`` is the newest version that the person had before their eyes. Raises InvalidFields, ReferenceUnchanged,
    NothingToDivideBy, AlreadyProposed, or DefinitionChanged when somebody was faster.
    """
    require(actor, Permission.COVERAGE_DEFINE)
    latest = _latest(session)
    if seen is not None and seen != latest.version:
        raise DefinitionChanged(name=latest.published_by_name, version=latest.version)
    faults = Faults()
    faults.attempt(_check, facts, latest)
    faults.attempt(
        check_reference, source=facts.source, reason=facts.reason, valid_from=facts.since, first=latest.since
    )
    faults.raise_any()
    definition = _definition(facts, latest)
    numbers = {"period_months": definition.period_months, "active_days": definition.active_days}
    before = {"period_months": latest.period_months, "active_days": latest.active_days}
    if numbers == before:
        raise ReferenceUnchanged
    approval = approvals.propose(
        session,
        actor,
        ApprovalKind.COVERAGE_DEFINITION,
        title=f"Định nghĩa phiên bản {definition.version}",
        reason=clean_lines(facts.reason),
        subject_id=latest.id,
        payload={
            "since": definition.since.isoformat(),
            "source": definition.source,
            "before": before,
            "after": numbers,
            "effect": _effect(session, definition).as_json(),
        },
    )
    session.commit()
    return approval


def foreseen(approval: Approval) -> Effect:
    """What the figures would have become when this definition was proposed."""
    return effect_from(approval.payload["effect"])


def _publish(session: Session, actor: Actor, approval: Approval, _: str) -> None:
    """The list is counted by it in the first minutes of its first day."""
    latest, proposed = _latest(session), approval.payload
    if latest.id != approval.subject_id:
        raise DefinitionChanged(name=latest.published_by_name, version=latest.version)
    since = date.fromisoformat(proposed["since"])
    if since <= today():
        raise DefinitionTooLate(day=f"{since:%d/%m/%Y}")
    row = CoverageDefinition(
        version=latest.version + 1,
        since=since,
        rule=latest.rule,
        **proposed["after"],
        source=proposed["source"],
        reason=approval.reason,
        published_by=approval.proposed_by,
        published_by_name=approval.proposed_by_name,
        approved_by_name=actor.name,
        published_at=now(),
    )
    session.add(row)
    changes = {name: [proposed["before"][name], number] for name, number in proposed["after"].items()}
    audit.record(
        session, actor, "coverage:define", row, changes={"since": proposed["since"], "reason": row.reason, **changes}
    )


approvals.WORKS[ApprovalKind.COVERAGE_DEFINITION] = approvals.Work(
    permission=Permission.COVERAGE_DEFINE, carry_out=_publish
)


def _latest(session: Session) -> CoverageDefinition:
    """Locked, so that two versions get two numbers."""
    return session.scalars(definitions_said().limit(1).with_for_update()).one()


def _check(facts: DefinitionFacts, latest: CoverageDefinition) -> None:
    check_definition(
        period_months=facts.period_months,
        active_days=facts.active_days,
        since=facts.since,
        earliest=max(today() + timedelta(days=1), latest.since),
    )


def _definition(facts: DefinitionFacts, latest: CoverageDefinition) -> Definition:
    """Of facts that were checked."""
    return Definition(
        version=latest.version + 1,
        since=facts.since or latest.since,
        rule=latest.rule,
        period_months=facts.period_months or latest.period_months,
        active_days=facts.active_days or latest.active_days,
        source=clean(facts.source),
    )


def _effect(session: Session, definition: Definition) -> Effect:
    listed = session.scalars(current_list()).first()
    if listed is None:
        raise NothingToDivideBy
    now_and_then = definition_of(session, listed), definition
    before, after = (progress_under(session, listed.id, each) for each in now_and_then)
    if not before.total():
        raise NothingToDivideBy
    return Effect(before, after)
