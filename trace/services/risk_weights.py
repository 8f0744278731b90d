"""Publishing what everything weighs in the risk score, after looking at what that does to the list."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from datetime import date

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from ..domain.errors import N_, Conflict
from ..domain.permissions import Actor, Permission, require
from ..domain.risks import Preview, Weight, WeightsChanged, check_weight, compare, facts_from, score_of
from ..domain.stages import ReferenceUnchanged, check_reference
from ..domain.text import clean, clean_lines
from ..storage.risks import BusinessRisk, RiskWeights, weights_on, weights_said
from . import audit
from .changes import Faults
from .clock import now, today


@dataclass(frozen=True, kw_only=True)
class WeightsFacts:
    """``weights`` gives points and the most of them by name; what it does not name stays as it is."""

    weights: Mapping[str, tuple[int, int]]
    valid_from: date | None = None
    source: str = ""
    reason: str = ""


def preview(session: Session, actor: Actor, facts: WeightsFacts) -> Preview:
    """What these weights would do to the scores as last counted. Raises InvalidFields."""
    require(actor, Permission.RISKS_WEIGH)
    in_force = session.scalars(weights_on(today())).one().by_name
    others = _weights(in_force, facts)
    before, after = {}, {}
    for business_id, kept in session.execute(select(BusinessRisk.business_id, BusinessRisk.facts)):
        found = facts_from(kept)
        before[business_id], after[business_id] = score_of(found, in_force), score_of(found, others)
    return compare(before, after)


def publish(session: Session, actor: Actor, facts: WeightsFacts, *, seen: int | None = None) -> RiskWeights:
    """A new version of the weights; scores follow within minutes of the day that it is in force from.

    ``seen`` is the number of the newest version that the person had before their eyes.
    Raises InvalidFields, ReferenceUnchanged, or WeightsChanged when somebody was faster.
    """
    require(actor, Permission.RISKS_WEIGH)
    versions = session.scalars(weights_said()).all()
    latest = versions[0]
    if seen is not None and seen != latest.number:
        raise WeightsChanged(name=latest.published_by_name, number=latest.number)
    faults = Faults()
    faults.attempt(
        check_reference,
        source=facts.source,
        reason=facts.reason,
        valid_from=facts.valid_from,
        first=versions[-1].valid_from,
    )
    weights = faults.attempt(_weights, latest.by_name, facts)
    faults.raise_any()
    if weights == latest.by_name:
        raise ReferenceUnchanged
    row = RiskWeights(
        number=latest.number + 1,
        valid_from=facts.valid_from,
        weights={name: asdict(weight) for name, weight in (weights or {}).items()},
        source=clean(facts.source),
        reason=clean_lines(facts.reason),
        published_by=actor.user_id,
        published_by_name=actor.name,
        published_at=now(),
    )
    session.add(row)
    changes = {
        name: [[each["points"], each["most"]] for each in (latest.weights[name], row.weights[name])]
        for name in row.weights
        if latest.weights[name] != row.weights[name]
    }
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
    session.commit()
    return row


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
