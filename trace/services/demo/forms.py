"""The events of ``services.steps``, written down once with marks in the places that differ and then filled in.

A hash of the filled canonical form is the hash of the filled event.
"""

import json
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import cache
from hashlib import sha256
from typing import Any

from ...domain import chain as events
from ...domain.event_hash import canonical_form
from ...domain.quantities import Unit
from ...domain.vocabulary import BusinessStep, EventType
from ...storage.batches import Batch
from ...storage.products import Product
from ...storage.sites import Site
from .. import steps


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
    on = date(1909, 9, 9)
    product, site = Product(unit=Unit.KGM), Site(id=987654321)
    batch = Batch(lot="LOT-MARK", amount=876_543_210, production_date=on, best_before=date(1919, 1, 2))
    batch.product, batch.site, batch.public_code = product, site, "CODE-MARK"
    marks = {
        "CODE-MARK": "code", "LOT-MARK": "lot", "987654321": "site", "876543.21": "amount", "1909-09-09": "day",
        "1909-09-08": "eve", "1919-01-02": "best_before", "7654321": "packs",
    }  # fmt: skip
    inputs = []
    for number in range(parents):
        parent = Batch(lot="", public_code=f"PARENT-MARK-{number}")
        parent.product = product
        inputs.append((parent, 765_432_010 + number * 1000))
        marks |= {f"PARENT-MARK-{number}": f"parent_{number}", f"{765432 + number}.01": f"part_{number}"}
    made, packed, recorded = (datetime(on.year, on.month, on.day, hour, tzinfo=UTC) for hour in (7, 8, 9))
    recorded += timedelta(minutes=30)
    making = (
        (steps.transformation(batch, inputs, loss=0, at=made, public_url=public_url), "%(day)s 07:00:00.000000")
        if inputs
        else (steps.production(batch, public_url), "%(eve)s 17:00:00.000000")
    )
    packing = steps.packing(batch, site, packed, 7654321, public_url), "%(day)s 08:00:00.000000"
    written = []
    for number, (event, time) in enumerate((making, packing), start=1):
        event = steps.numbered(event, batch, number, recorded, public_url)
        body = events.to_epcis(event)
        texts = [canonical_form(body, event.namespaces), json.dumps(body)]
        for mark, name in {"%": "", **marks, events.event_hash(event): "hash"}.items():
            texts = [text.replace(mark, f"%({name})s" if name else "%%") for text in texts]
        written.append(Form(event.type, event.business_step, time, *texts))
    return written[0], written[1]
