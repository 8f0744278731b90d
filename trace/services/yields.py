"""Publishing yields: what land is thought to give, in dated versions."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from ..domain.errors import N_, Conflict, InvalidInput
from ..domain.permissions import Actor, Permission, require
from ..domain.products import Commodity
from ..domain.stages import ReferenceUnchanged, check_reference
from ..domain.text import clean, clean_lines
from ..domain.yields import Yield, check_yield
from ..storage.yields import CropYield, versions_of
from . import audit
from .changes import Faults
from .clock import now

LONGEST_NAME = 60


@dataclass(frozen=True, kw_only=True)
class YieldFacts:
    """``crop`` as names of products have it; ``low`` and ``high`` in grams per square metre and cycle."""

    commodity: Commodity
    crop: str
    low: int
    high: int
    cycles: int
    region: str
    source: str
    estimate: str
    reason: str
    valid_from: date | None


def publish(session: Session, actor: Actor, facts: YieldFacts, *, seen: int | None = None) -> CropYield:
    """A new version, or the first of another crop; what was allowed before stays so.

    ``seen`` is the number of the newest version that the person had before their eyes.
    Raises InvalidFields, ReferenceUnchanged, or Conflict when somebody was faster.
    """
    require(actor, Permission.YIELDS_MANAGE)
    crop = clean(facts.crop, field="crop").lower()
    versions = session.scalars(versions_of(facts.commodity, crop)).all()
    expected = Yield(facts.low, facts.high, facts.cycles)
    faults = Faults()
    if len(crop) > LONGEST_NAME:
        faults.note(InvalidInput(N_("Nội dung này quá dài. Hãy viết ngắn lại."), field="crop"))
    faults.attempt(check_yield, expected)
    faults.attempt(
        check_reference,
        source=facts.source,
        reason=facts.reason,
        valid_from=facts.valid_from,
        first=versions[-1].valid_from if versions else date.min,
    )
    faults.raise_any()
    if versions and seen is not None and seen != versions[0].number:
        raise Conflict
    row = CropYield(
        commodity=facts.commodity,
        crop=crop,
        number=versions[0].number + 1 if versions else 1,
        valid_from=facts.valid_from,
        low=facts.low,
        high=facts.high,
        cycles=facts.cycles,
        region=clean(facts.region),
        source=clean(facts.source),
        estimate=clean(facts.estimate),
        reason=clean_lines(facts.reason),
        published_by=actor.user_id,
        published_by_name=actor.name,
        published_at=now(),
    )
    told = ("valid_from", "low", "high", "cycles", "region", "source", "estimate")
    if versions and all(getattr(versions[0], name) == getattr(row, name) for name in told):
        raise ReferenceUnchanged(field="low")
    session.add(row)
    changes = {
        "commodity": row.commodity.value,
        "crop": crop,
        "valid_from": row.valid_from.isoformat(),
        "low": row.low,
        "high": row.high,
        "cycles": row.cycles,
        "source": row.source,
        "reason": row.reason,
    }
    try:
        audit.record(session, actor, "yields:publish", row, changes=changes)
    except IntegrityError as error:
        raise Conflict from error
    session.commit()
    return row
