"""The events of ``services.steps``, written down once with marks in the places that differ and then filled in.

A hash of the filled canonical form is the hash of the filled event.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import cache
from hashlib import sha256
from typing import Any

from ...domain import chain as events
from ...domain.dates import VIETNAM
from ...domain.event_hash import canonical_form
from ...domain.quantities import Unit
from ...domain.sites import SiteKind
from ...domain.vocabulary import BusinessStep, EventType
from ...storage.batches import Batch
from ...storage.handovers import Handover
from ...storage.products import Product
from ...storage.sites import Site
from .. import handover_events, steps

DAY = date(1909, 9, 9)
RECORDED = datetime(1909, 9, 9, 9, 30, tzinfo=UTC)
MARKS = {
    "CODE-MARK": "code", "LOT-MARK": "lot", "987654321": "site", "876543.21": "amount", "1909-09-09": "day",
    "1909-09-08": "eve", "1919-01-02": "best_before", "7654321": "packs",
}  # fmt: skip
NUMBER, SENT = "6543217", 654_321_020
HANDLED = (
    BusinessStep.INSPECTING,
    BusinessStep.SAMPLING,
    BusinessStep.STORING,
    BusinessStep.PICKING,
    BusinessStep.STAGING_OUTBOUND,
    BusinessStep.LOADING,
    BusinessStep.DEPARTING,
)


@dataclass(frozen=True)
class Form:
    """An event with ``%(name)s`` in the places that differ from batch to batch."""

    type: EventType
    step: BusinessStep
    time: str
    canonical: str
    body: str

    def fill(self, marks: dict[str, Any]) -> tuple[str, str]:
        """The event's CBV hash and its EPCIS JSON."""
        digest = f"ni:///sha-256;{sha256((self.canonical % marks).encode()).hexdigest()}?ver=CBV2.0"
        return digest, self.body % {**marks, "hash": digest}


@cache
def forms(public_url: str, parents: int) -> tuple[Form, Form]:
    """Of making a batch, of none or so many others, and of packing it.

    Parents are ``parent_0``, ``part_0`` and so on, in the order of their codes: the hash sorts them.
    """
    batch, marks = _batch(), dict(MARKS)
    product, site = batch.product, batch.site
    inputs = []
    for number in range(parents):
        parent = Batch(lot="", public_code=f"PARENT-MARK-{number}")
        parent.product = product
        inputs.append((parent, 765_432_010 + number * 1000))
        marks |= {f"PARENT-MARK-{number}": f"parent_{number}", f"{765432 + number}.01": f"part_{number}"}
    made, packed = (RECORDED.replace(hour=hour, minute=0) for hour in (7, 8))
    making = (
        (steps.transformation(batch, inputs, loss=0, at=made, public_url=public_url), "%(day)s 07:00:00.000000")
        if inputs
        else (steps.production(batch, public_url), "%(eve)s 17:00:00.000000")
    )
    packing = steps.packing(batch, site, packed, 7654321, public_url), "%(day)s 08:00:00.000000"
    making_form, packing_form = (
        _written(steps.numbered(event, batch, number, RECORDED, public_url), time, marks)
        for number, (event, time) in enumerate((making, packing), start=1)
    )
    return making_form, packing_form


@cache
def forms_of_handling(public_url: str) -> tuple[Form, ...]:
    """What is done with a batch between packing and its delivery, at ``site``; ``number`` within the batch."""
    batch, day = _batch(), RECORDED
    marks = MARKS | {NUMBER: "number"}
    found = []
    for minute, step in enumerate(HANDLED, start=1):
        at = day.replace(hour=8, minute=minute)
        here: dict[str, Any] = {
            "at": at.astimezone(VIETNAM),
            "disposition": None,
            "extensions": {},
            "public_url": public_url,
        }
        event = steps.handled(batch, step, batch.site, **here)
        numbered = steps.numbered(event, batch, int(NUMBER), RECORDED, public_url)
        found.append(_written(numbered, f"%(day)s {at:%H:%M}:00.000000", marks))
    return tuple(found)


@cache
def forms_of_delivery(public_url: str, hop: int) -> tuple[Form, Form]:
    """Of shipping ``sent`` of a batch from ``site`` of ``seller``, and of ``buyer`` receiving it there."""
    batch = _batch()
    shipped, shelf = datetime(1909, 9, 9, 9, 10 * hop, tzinfo=UTC), Site(id=batch.site.id, kind=SiteKind.SHOP)
    received = shipped + timedelta(minutes=5)
    handover = Handover(
        id=345_678_912, seller_id=456_789_123, buyer_id=567_891_234, sent=SENT, shipped_at=shipped, batch=batch
    )
    marks = MARKS | {
        NUMBER: "number", "345678912": "handover", "456789123": "seller", "567891234": "buyer", "654321.02": "sent",
    }  # fmt: skip
    events_ = (
        handover_events.shipping(handover, batch.site, public_url),
        handover_events.receiving(handover, SENT, shelf, public_url, at=received),
    )
    shipping, receiving = (
        _written(
            steps.numbered(event, batch, int(NUMBER), RECORDED, public_url),
            f"%(day)s {event.event_time:%H:%M}:00.000000",
            marks,
        )
        for event in events_
    )
    return shipping, receiving


def _batch() -> Batch:
    batch = Batch(lot="LOT-MARK", amount=876_543_210, production_date=DAY, best_before=date(1919, 1, 2))
    batch.product, batch.site, batch.public_code = Product(unit=Unit.KGM), Site(id=987654321), "CODE-MARK"
    return batch


def _written(event: events.Event, time: str, marks: Mapping[str, str]) -> Form:
    body = events.to_epcis(event)
    texts = [canonical_form(body, event.namespaces), json.dumps(body)]
    for mark, name in {"%": "", **marks, events.event_hash(event): "hash"}.items():
        texts = [text.replace(mark, f"%({name})s" if name else "%%") for text in texts]
    return Form(event.type, event.business_step, time, *texts)
