"""What a business says of a batch, checked before it is kept."""

from dataclasses import dataclass
from datetime import date
from itertools import count
from typing import Any

from sqlalchemy.orm import Session

from ..domain.batches import LotTaken, check_batch
from ..domain.dates import best_before
from ..domain.errors import N_
from ..domain.identifiers import LotCode, proposed_lot
from ..storage.batches import Batch, is_lot_taken, lots_with_prefix
from ..storage.products import Product
from ..storage.sites import Site
from .changes import Faults
from .clock import today


@dataclass(frozen=True, kw_only=True)
class BatchFacts:
    """What a business says of a batch. ``amount`` in the product's base unit.

    No lot: the next free one is given. No best-before date: it follows from the product's shelf life, if it has one.
    """

    product_id: int
    site_id: int
    amount: int
    production_date: date
    lot: str = ""
    best_before: date | None = None
    season_id: int | None = None
    """The season of the diary that it was harvested from, if one is kept."""
    excess_reason: str = ""
    """Why it is more than the land usually gives, where it is."""


def free_lot(session: Session, business_id: int, site: Site, day: date) -> str:
    """The next lot code of that site and day which the business has not used: ``SITE-YYMMDD-N``."""
    prefix = proposed_lot(site.code, day, 1).value.removesuffix("1")
    taken = set(session.scalars(lots_with_prefix(business_id, prefix)))
    for number in count(1):
        lot = proposed_lot(site.code, day, number).value
        # A long site code is cut more for a longer number, so that the prefix may differ from 10 on.
        if lot not in taken and not session.scalars(is_lot_taken(business_id, lot)).one():
            return lot
    raise AssertionError


def facts_of(batch: Batch) -> dict[str, Any]:
    """The facts of a batch as its versions and the audit trail keep them."""
    return {
        "product_id": batch.product_id,
        "site_id": batch.site_id,
        "lot": batch.lot,
        "amount": batch.amount,
        "production_date": batch.production_date.isoformat(),
        "best_before": batch.best_before.isoformat() if batch.best_before else None,
    }


def checked_values(session: Session, business_id: int, facts: BatchFacts, batch: Batch | None = None) -> dict[str, Any]:
    """The values of the columns. Raises InvalidFields naming every fault."""
    faults = Faults()
    product, site = session.get(Product, facts.product_id), session.get(Site, facts.site_id)
    if product is None or product.business_id != business_id or not (product.active or batch):
        faults.add(N_("Hãy chọn sản phẩm trong danh sách."), field="product_id")
    if site is None or site.business_id != business_id or not (site.active or batch):
        faults.add(N_("Hãy chọn nơi sản xuất trong danh sách."), field="site_id")
    faults.raise_any()
    assert product  # noqa: S101 - their absence was raised above
    assert site  # noqa: S101
    until = facts.best_before or best_before(facts.production_date, product.shelf_life_days)
    faults.attempt(
        check_batch, production_date=facts.production_date, best_before=until, amount=facts.amount, today=today()
    )
    typed = facts.lot or (batch.lot if batch else "")
    lot = faults.attempt(LotCode, typed) if typed else None
    if lot and session.scalars(is_lot_taken(business_id, lot.value, except_batch=batch.id if batch else None)).one():
        free = free_lot(session, business_id, site, facts.production_date)
        faults.note(LotTaken(field="lot", lot=lot.value, free=free))
    faults.raise_any()
    return {
        "product_id": product.id,
        "site_id": site.id,
        "lot": lot.value if lot else free_lot(session, business_id, site, facts.production_date),
        "amount": facts.amount,
        "production_date": facts.production_date,
        "best_before": until,
    }
