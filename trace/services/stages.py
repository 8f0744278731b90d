"""Publishing chain templates: what a change would do, the change itself, and judging batches again because of it."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session, joinedload

from ..domain.errors import Conflict
from ..domain.permissions import Actor, Permission, require
from ..domain.products import Commodity
from ..domain.stages import Chain, ReferenceUnchanged, chain_of, check_chain, check_reference, plain
from ..domain.text import clean, clean_lines
from ..storage.batches import Batch
from ..storage.stages import ChainTemplate, judged_by, template_at, unfinished_recount, versions_of
from . import audit
from .changes import Faults
from .clock import now
from .completeness import judge, recount

LOOKED_AT = 2000
"""A preview judges so many batches, the newest; the count of all is exact."""


@dataclass(frozen=True, kw_only=True)
class TemplateFacts:
    chain: Chain
    valid_from: date | None
    source: str
    reason: str


@dataclass(frozen=True)
class Preview:
    """Of ``batches`` published ones that the version would judge, the newest ``looked_at`` were judged."""

    batches: int
    looked_at: int
    complete_now: int
    complete_then: int


def preview(session: Session, actor: Actor, commodity: Commodity, facts: TemplateFacts) -> Preview:
    """What ``publish`` would do to completeness. Raises what it raises."""
    require(actor, Permission.STAGES_MANAGE)
    _check(session, commodity, facts)
    conditions = _concerned(session, commodity, facts)
    count = session.scalars(select(func.count(Batch.id)).join(Batch.product).where(*conditions)).one()
    newest = session.scalars(
        select(Batch)
        .join(Batch.product)
        .where(*conditions)
        .order_by(Batch.id.desc())
        .limit(LOOKED_AT)
        .options(joinedload(Batch.product), joinedload(Batch.business))
    ).all()
    then = judge(session, newest, facts.chain)
    return Preview(count, len(newest), sum(b.complete for b in newest), sum(found.complete for found in then.values()))


def publish(
    session: Session, actor: Actor, commodity: Commodity, facts: TemplateFacts, *, seen: int | None = None
) -> ChainTemplate:
    """A new version; the old ones stay and go on judging what was produced while they held.

    ``seen`` is the number of the newest version that the person had before their eyes.
    Raises InvalidFields, ReferenceUnchanged, or Conflict when somebody was faster. ``recount_waiting`` does the rest.
    """
    require(actor, Permission.STAGES_MANAGE)
    latest = _check(session, commodity, facts)
    if seen is not None and seen != latest.number:
        raise Conflict
    concerned = select(func.count(Batch.business_id.distinct())).join(Batch.product)
    template = ChainTemplate(
        commodity=commodity,
        number=latest.number + 1,
        valid_from=facts.valid_from,
        stages=plain(facts.chain),
        source=clean(facts.source),
        reason=clean_lines(facts.reason),
        published_by=actor.user_id,
        published_by_name=actor.name,
        published_at=now(),
        businesses=session.scalars(concerned.where(*_concerned(session, commodity, facts))).one(),
    )
    session.add(template)
    changes = {
        "commodity": commodity.value,
        "valid_from": template.valid_from.isoformat(),
        "stages": template.stages,
        "reason": template.reason,
    }
    try:
        audit.record(session, actor, "stages:publish", template, changes=changes)
    except IntegrityError as error:
        raise Conflict from error
    session.commit()
    return template


def recount_waiting(session: Session) -> None:
    """Judge again what new versions concern, business by business, each in its own transaction: it may stop at any point."""
    while template := session.scalars(unfinished_recount()).first():
        conditions = judged_by(template.commodity, template.valid_from)
        following = session.scalars(
            select(Batch.business_id)
            .join(Batch.product)
            .where(*conditions, Batch.business_id > (template.recounted_to or 0))
            .order_by(Batch.business_id)
            .limit(1)
        ).first()
        if following is None:
            template.recounted = template.businesses
        else:
            recount(session, business_id=following)
            template.recounted_to = following
            template.recounted = min(template.recounted + 1, template.businesses - 1)
        session.commit()


def _check(session: Session, commodity: Commodity, facts: TemplateFacts) -> ChainTemplate:
    """The newest version, where the facts can follow it."""
    latest, *_ = versions = session.scalars(versions_of(commodity)).all()
    faults = Faults()
    faults.attempt(check_chain, facts.chain)
    faults.attempt(
        check_reference,
        source=facts.source,
        reason=facts.reason,
        valid_from=facts.valid_from,
        first=versions[-1].valid_from,
    )
    faults.raise_any()
    assert facts.valid_from  # noqa: S101 - its absence was raised above
    in_force = session.scalars(template_at(commodity, facts.valid_from)).one()
    if (chain_of(in_force.stages), in_force.source) == (facts.chain, clean(facts.source)):
        raise ReferenceUnchanged(field="stages")
    return latest


def _concerned(session: Session, commodity: Commodity, facts: TemplateFacts) -> list[ColumnElement[bool]]:
    """The published batches that would be judged by these facts: until a version that begins later takes over."""
    assert facts.valid_from  # noqa: S101 - checked before
    later = [each.valid_from for each in session.scalars(versions_of(commodity)) if each.valid_from > facts.valid_from]
    until = [Batch.production_date < min(later)] if later else []
    return [*judged_by(commodity, facts.valid_from), *until]
