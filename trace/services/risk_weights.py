"""Proposing what everything weighs in the risk score, after looking at what that does to the list."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from datetime import date

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from ..domain.approvals import ApprovalKind
from ..domain.errors import N_, Conflict
from ..domain.permissions import Actor, Permission, require
from ..domain.risks import Preview, Weight, WeightsChanged, check_weight, compare, facts_from, preview_from, score_of
from ..domain.stages import ReferenceUnchanged, check_reference
from ..domain.text import clean, clean_lines
from ..storage.approvals import Approval
from ..storage.risks import BusinessRisk, RiskWeights, weights_said
from . import approvals, audit
from .changes import Faults
from .clock import now


@dataclass(frozen=True, kw_only=True)
class WeightsFacts:
    """``weights`` gives points and the most of them by name; what it does not name stays as it is."""

    weights: Mapping[str, tuple[int, int]]
    valid_from: date | None = None
    source: str = ""
    reason: str = ""


def preview(session: Session, actor: Actor, facts: WeightsFacts) -> Preview:
    """What these weights would do to the list as it stands. Raises InvalidFields."""
    require(actor, Permission.RISKS_WEIGH)
    return _preview(session, _weights(_latest(session).by_name, facts))


def propose(session: Session, actor: Actor, facts: WeightsFacts, *, seen: int | None = None) -> Approval:
    """Ask a second person for a new version of the weights, and keep what it would do to the list for them to see.

    ``seen`` is the number of the newest version that the person had before their eyes.
    Raises InvalidFields, ReferenceUnchanged, AlreadyProposed, or WeightsChanged when somebody was faster.
    """
    require(actor, Permission.RISKS_WEIGH)
    latest = _latest(session, lock=True)
    if seen is not None and seen != latest.number:
        raise WeightsChanged(name=latest.published_by_name, number=latest.number)
    faults = Faults()
    faults.attempt(
        check_reference,
        source=facts.source,
        reason=facts.reason,
        valid_from=facts.valid_from,
        first=session.scalars(weights_said().order_by(None).order_by(RiskWeights.number).limit(1)).one().valid_from,
    )
    weights = faults.attempt(_weights, latest.by_name, facts)
    faults.raise_any()
    assert weights  # noqa: S101 - that one of these is missing was raised above
    assert facts.valid_from  # noqa: S101
    changes = {
        name: {"before": [before.points, before.most], "after": [weights[name].points, weights[name].most]}
        for name, before in latest.by_name.items()
        if weights[name] != before
    }
    if not changes:
        raise ReferenceUnchanged
    approval = approvals.propose(
        session,
        actor,
        ApprovalKind.RISK_WEIGHTS,
        title=f"Trọng số phiên bản {latest.number + 1}",
        reason=clean_lines(facts.reason),
        subject_id=latest.id,
        payload={
            "valid_from": facts.valid_from.isoformat(),
            "source": clean(facts.source),
            "changes": changes,
            "preview": _preview(session, weights).as_json(),
        },
    )
    session.commit()
    return approval


def previewed(approval: Approval) -> Preview:
    """What the list would have become when these weights were proposed."""
    return preview_from(approval.payload["preview"])


def _publish(session: Session, actor: Actor, approval: Approval, _: str) -> None:
    """The scores follow within minutes of the day from which the version is in force."""
    latest, proposed = _latest(session, lock=True), approval.payload
    if latest.id != approval.subject_id:
        raise WeightsChanged(name=latest.published_by_name, number=latest.number)
    facts = WeightsFacts(
        weights={name: tuple(change["after"]) for name, change in proposed["changes"].items()},
        valid_from=date.fromisoformat(proposed["valid_from"]),
        source=proposed["source"],
    )
    row = RiskWeights(
        number=latest.number + 1,
        valid_from=facts.valid_from,
        weights={name: asdict(weight) for name, weight in _weights(latest.by_name, facts).items()},
        source=facts.source,
        reason=approval.reason,
        published_by=approval.proposed_by,
        published_by_name=approval.proposed_by_name,
        approved_by_name=actor.name,
        published_at=now(),
    )
    session.add(row)
    changes = {name: [change["before"], change["after"]] for name, change in proposed["changes"].items()}
    try:
        audit.record(
            session,
            actor,
            "risks:publish",
            row,
            changes={"valid_from": row.valid_from.isoformat(), "reason": row.reason, **changes},
        )
    except IntegrityError as error:
        raise Conflict from error


approvals.WORKS[ApprovalKind.RISK_WEIGHTS] = approvals.Work(permission=Permission.RISKS_WEIGH, carry_out=_publish)


def _latest(session: Session, *, lock: bool = False) -> RiskWeights:
    asked = weights_said().limit(1)
    return session.scalars(asked.with_for_update() if lock else asked).one()


def _preview(session: Session, weights: Mapping[str, Weight]) -> Preview:
    before, after = {}, {}
    for risk in session.execute(select(BusinessRisk.business_id, BusinessRisk.score, BusinessRisk.facts)):
        before[risk.business_id] = risk.score
        after[risk.business_id] = score_of(facts_from(risk.facts), weights)
    return compare(before, after)


def _weights(before: Mapping[str, Weight], facts: WeightsFacts) -> dict[str, Weight]:
    """Those of before with what was typed; whatever is new has the source that was given. Raises InvalidFields."""
    faults, weights = Faults(), dict(before)
    for unknown in sorted(facts.weights.keys() - before.keys()):
        faults.add(N_("Không có trọng số nào tên “%(name)s”."), field="weights", name=unknown)
    for name, weight in before.items():
        points, most = facts.weights.get(name, (weight.points, weight.most))
        if (points, most) != (weight.points, weight.most):
            weights[name] = replace(weight, points=points, most=most, source=clean(facts.source), estimate="")
            faults.attempt(check_weight, name, weights[name])
    faults.raise_any()
    return weights
