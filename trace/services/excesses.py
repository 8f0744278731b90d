"""Holding what is recorded against what is possible: refused beyond it, asked about where it is unusual, shown to officers.

A site without an area, a product that is not weighed or whose commodity has no yield: nothing is checked.
"""

from datetime import date
from typing import Any

from sqlalchemy import Select
from sqlalchemy.orm import Session

from ..domain.excesses import AlreadySeen, ExcessKind
from ..domain.labels import MoreLabelsThanPacks
from ..domain.permissions import Actor, Permission, require
from ..domain.quantities import Unit
from ..domain.sites import SiteKind
from ..domain.text import clean_lines
from ..domain.yields import Harvested, Land, check_possible, crop_named, is_unusual, total, unusual
from ..storage.balance import links_to
from ..storage.batches import Batch
from ..storage.diary import DiaryEntry
from ..storage.excesses import Excess, harvest_excess_of
from ..storage.products import Product
from ..storage.sites import Site
from ..storage.yields import CropYield, batches_harvested, diary_harvested, yields_at
from . import audit
from .changes import load_for_change
from .clock import now


def examine_batch(session: Session, actor: Actor, batch: Batch, reason: str | None) -> None:
    """Whether a batch can have been harvested where it is said to; within the verb that writes it.

    ``reason`` is why it is so much, if it is; None where nobody can be asked now.
    Raises HarvestBeyondPossible, or HarvestUnusual where a reason is wanted and none was given, now or before.
    """
    session.flush()
    product, site = session.get_one(Product, batch.product_id), session.get_one(Site, batch.site_id)
    if session.scalars(links_to(batch.id).limit(1)).first():
        return
    land, crops, row = _land(session, site, product, batch.production_date)
    if land is None:
        forget(session, batch)
        return
    others = batches_harvested(
        site.id, product.commodity, batch.production_date, land.expected.days, except_batch=batch.id
    )
    harvested = _harvested(session, others, crops, row)
    check_possible(batch.amount, land, harvested, year=batch.production_date.year)
    if not is_unusual(batch.amount, land, harvested):
        forget(session, batch)
        return
    kept = session.scalars(harvest_excess_of(batch.id)).first()
    given = clean_lines(reason or "")
    if given:
        forget(session, batch)
        _keep(session, actor, batch.business_id, _details(batch.amount, land, harvested), given, batch_id=batch.id)
    elif kept is None and reason is not None:
        raise unusual(batch.amount, land, harvested, field="excess_reason")


def examine_entry(session: Session, actor: Actor, entry: DiaryEntry) -> None:
    """The same of a harvest in the diary, whose note says why. Raises HarvestBeyondPossible or HarvestUnusual on ``note``."""
    session.flush()
    site, product, on = entry.season.site, entry.season.product, entry.happened_on
    if not entry.kind.is_harvest or not entry.amount:
        return
    land, crops, row = _land(session, site, product, on)
    if land is None:
        return
    others = diary_harvested(
        site.id, product.commodity, on, land.expected.days, except_entries=[entry.corrects_id or entry.id]
    )
    harvested = _harvested(session, others, crops, row)
    check_possible(entry.amount, land, harvested, year=on.year)
    if is_unusual(entry.amount, land, harvested):
        if not entry.note:
            raise unusual(entry.amount, land, harvested, field="note")
        details = _details(entry.amount, land, harvested)
        _keep(session, actor, entry.business_id, details, entry.note, entry_id=entry.id)


def keep_labels(session: Session, actor: Actor, batch: Batch, reason: str, excess: MoreLabelsThanPacks) -> None:
    """Within the verb that hands out more labels than there are packs."""
    details = dict(excess.values)
    _keep(session, actor, batch.business_id, details, reason, kind=ExcessKind.LABELS, batch_id=batch.id)


def forget(session: Session, batch: Batch) -> None:
    """Of a batch whose harvest is not unusual any more, or is described anew."""
    for excess in session.scalars(harvest_excess_of(batch.id)).all():
        session.delete(excess)
    session.flush()


def conclude(session: Session, actor: Actor, excess_id: int, *, conclusion: str, version: int | None = None) -> Excess:
    """An officer has looked; the conclusion may be empty. Raises AlreadySeen or Conflict."""
    excess = load_for_change(session, Excess, excess_id, version)
    require(actor, Permission.EXCESSES_REVIEW, excess.business_id)
    if excess.seen_at is not None:
        raise AlreadySeen
    excess.seen_at, excess.seen_by_name = now(), actor.name
    excess.conclusion = clean_lines(conclusion, field="conclusion")
    changes = {"kind": excess.kind.value, "conclusion": excess.conclusion}
    audit.record(session, actor, "excesses:conclude", excess, changes=changes)
    session.commit()
    return excess


def _land(
    session: Session, site: Site, product: Product, on: date
) -> tuple[Land | None, dict[str, CropYield], CropYield | None]:
    """What the site is expected to give of the product, and by which of its commodity's rows; None where nobody can say."""
    if site.kind is not SiteKind.GROWING_AREA or not site.area_m2 or product.unit is not Unit.KGM:
        return None, {}, None
    crops = {row.crop: row for row in session.scalars(yields_at(on, product.commodity))}
    row = crop_named(product.name, crops)
    if row is None:
        return None, crops, None
    return Land(site.name, row.crop or row.commodity.label, site.area_m2, row.expected), crops, row


def _harvested(
    session: Session, others: Select[str, int, int], crops: dict[str, CropYield], row: CropYield | None
) -> Harvested:
    return total([(name, int(year), int(cycle)) for name, year, cycle in session.execute(others)], crops, row)


def _details(amount: int, land: Land, harvested: Harvested) -> dict[str, Any]:
    return {
        "site": land.site,
        "crop": land.crop,
        "area_m2": land.area_m2,
        "days": land.expected.days,
        "possible": land.in_a_cycle,
        "recorded": harvested.in_cycle,
        "amount": amount,
    }


def _keep(
    session: Session,
    actor: Actor,
    business_id: int,
    details: dict[str, Any],
    reason: str,
    *,
    kind: ExcessKind = ExcessKind.HARVEST,
    **about: int,
) -> None:
    session.add(
        Excess(
            business_id=business_id,
            kind=kind,
            details=details,
            reason=reason,
            by=actor.user_id,
            by_name=actor.name,
            at=now(),
            **about,
        )
    )
    session.flush()
