"""The EPCIS events of what our businesses do, ready to be recorded by ``chain``."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from ..domain import chain
from ..domain.balance import MovementKind
from ..domain.dates import VIETNAM, start_of_day
from ..domain.digital_link import DigitalLink
from ..domain.identifiers import Gtin
from ..domain.terms import namespace
from ..domain.vocabulary import Action, BusinessStep, Disposition, EventType
from ..storage.batches import Batch
from ..storage.cases import Case, CaseContent
from ..storage.sites import Site

_REMOVALS = {
    MovementKind.LOST: (BusinessStep.OTHER, Disposition.DISPOSED),
    MovementKind.OWN_USE: (BusinessStep.DISPENSING, Disposition.DISPENSED),
    MovementKind.SOLD: (BusinessStep.RETAIL_SELLING, Disposition.RETAIL_SOLD),
    MovementKind.DESTROYED: (BusinessStep.DESTROYING, Disposition.DESTROYED),
}
"""CBV 2.0 has no step for a loss; its kind is said in ``trace:movement``."""


def lot_uri(batch: Batch, public_url: str) -> str:
    """The lot's GS1 Digital Link where its product has a GTIN for open circulation, else the link of its own code."""
    gtin = Gtin(batch.product.gtin) if batch.product.gtin else None
    if gtin and not gtin.is_restricted:
        return DigitalLink(gtin=gtin, lot=batch.lot).uri(public_url)
    return f"{public_url}/q/{batch.public_code}"


def site_uri(site: Site, public_url: str) -> str:
    """A place's GLN, else a URI of ours in the form of CBV 2.0 §8.4.4, which tells nothing about where it is."""
    return f"https://id.gs1.org/414/{site.gln}" if site.gln else f"{public_url}/loc/{site.id}"


def case_uri(case: Case, public_url: str) -> str:
    """The SSCC, else a URI of ours for a physical object (CBV 2.0 §8.2.3)."""
    return f"https://id.gs1.org/00/{case.code}" if case.has_sscc else f"{public_url}/case/{case.code}"


def production(batch: Batch, public_url: str) -> chain.Event:
    """At the start of its day: nobody was asked for an hour."""
    place = site_uri(batch.site, public_url)
    return chain.Event(
        type=EventType.OBJECT,
        action=Action.ADD,
        event_time=start_of_day(batch.production_date),
        business_step=BusinessStep.CREATING_CLASS_INSTANCE,
        disposition=Disposition.ACTIVE,
        quantities=[_quantity(batch, public_url)],
        read_point=place,
        business_location=place,
        ilmd=_master_data(batch),
    )


def packing(batch: Batch, site: Site, at: datetime, packs: int | None, public_url: str) -> chain.Event:
    """At a place of the business, in so many packs if they were counted."""
    place = site_uri(site, public_url)
    return chain.Event(
        type=EventType.OBJECT,
        action=Action.OBSERVE,
        event_time=at,
        business_step=BusinessStep.PACKING,
        quantities=[_quantity(batch, public_url)],
        read_point=place,
        business_location=place,
        extensions={"trace:packs": packs} if packs else {},
    )


def transformation(
    batch: Batch, inputs: Sequence[tuple[Batch, int]], *, loss: int, at: datetime, public_url: str
) -> chain.Event:
    """``batch`` made of so much of each of the others; ``loss`` in its base unit."""
    place = site_uri(batch.site, public_url)
    return chain.Event(
        type=EventType.TRANSFORMATION,
        event_time=at,
        business_step=BusinessStep.CREATING_CLASS_INSTANCE,
        disposition=Disposition.ACTIVE,
        input_quantities=[
            chain.Quantity(lot_uri(parent, public_url), amount, parent.product.unit) for parent, amount in inputs
        ],
        output_quantities=[_quantity(batch, public_url)],
        read_point=place,
        business_location=place,
        ilmd=_master_data(batch),
        extensions={"trace:loss": loss} if loss else {},
    )


def removal(
    batch: Batch, kind: MovementKind, amount: int, *, at: datetime, reason: str, public_url: str
) -> chain.Event:
    """So much of a batch gone from its holder for good."""
    step, disposition = _REMOVALS[kind]
    return chain.Event(
        type=EventType.OBJECT,
        action=Action.OBSERVE,  # DELETE would end the whole lot
        event_time=at,
        business_step=step,
        disposition=disposition,
        quantities=[chain.Quantity(lot_uri(batch, public_url), amount, batch.product.unit)],
        extensions={"trace:movement": kind.value, "trace:reason": reason},
    )


def aggregation(
    case: Case, content: CaseContent, action: Action, site: Site | None, *, at: datetime, public_url: str
) -> chain.Event:
    """So much of a batch put into a case (``ADD``), or taken out of it again (``DELETE``)."""
    place = site_uri(site, public_url) if site else None
    unit = content.product.unit
    return chain.Event(
        type=EventType.AGGREGATION,
        action=action,
        event_time=at,
        business_step=BusinessStep.PACKING if action is Action.ADD else BusinessStep.UNPACKING,
        disposition=Disposition.IN_PROGRESS,
        parent=case_uri(case, public_url),
        quantities=[chain.Quantity(lot_uri(content.batch, public_url), content.amount, unit)],
        read_point=place,
        business_location=place,
    )


def handled(
    batch: Batch,
    step: BusinessStep,
    site: Site,
    *,
    at: datetime,
    disposition: Disposition | None,
    sensors: Sequence[chain.SensorElement] = (),
    extensions: Mapping[str, Any],
    public_url: str,
) -> chain.Event:
    """Something done with a batch, or with what a business holds of it, at a place of that business."""
    place = site_uri(site, public_url)
    return chain.Event(
        type=EventType.OBJECT,
        action=Action.OBSERVE,
        event_time=at,
        local_zone=at.tzinfo or VIETNAM,
        business_step=step,
        disposition=disposition,
        quantities=[chain.Quantity(lot_uri(batch, public_url), None, batch.product.unit)],
        read_point=place,
        business_location=place,
        sensor_elements=sensors,
        extensions=extensions,
    )


def _master_data(batch: Batch) -> dict[str, Any]:
    until = {"cbvmda:bestBeforeDate": batch.best_before.isoformat()} if batch.best_before else {}
    return {"cbvmda:lotNumber": batch.lot, **until}


def _quantity(batch: Batch, public_url: str) -> chain.Quantity:
    return chain.Quantity(lot_uri(batch, public_url), batch.amount, batch.product.unit)


def numbered(event: chain.Event, batch: Batch, number: int, record_time: datetime, public_url: str) -> chain.Event:
    """As it is recorded: numbered within its batch, so that what is said again after a correction is another event."""
    return replace(
        event,
        record_time=record_time,
        extensions={**event.extensions, "trace:batch": batch.public_code, "trace:number": number},
        namespaces={chain.OWN_PREFIX: namespace(public_url)},
    )
