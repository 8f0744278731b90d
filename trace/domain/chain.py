"""What happens to batches, as EPCIS 2.0 events: what, when, where, why and how, never edited afterwards."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, tzinfo
from typing import Any

from . import event_hash as canonical
from .dates import VIETNAM
from .event_hash import Json
from .quantities import Unit
from .terms import SHOWN
from .vocabulary import (
    Action,
    BusinessStep,
    BusinessTransactionType,
    Disposition,
    EventType,
    SourceDestinationType,
)

CONTEXT = "https://ref.gs1.org/standards/epcis/2.0.0/epcis-context.jsonld"
OWN_PREFIX = "trace"
"""Of the names of our own terms (``domain.terms``)."""


@dataclass(frozen=True)
class Quantity:
    """An amount of a lot. ``epc_class`` is the lot's URI, ``amount`` counts base units of ``unit`` (g, ml, piece);
    None where it is not said how much of the lot (EPCIS 2.0 §7.3.3.3)."""

    epc_class: str
    amount: int | None
    unit: Unit


@dataclass(frozen=True)
class BusinessTransaction:
    type: BusinessTransactionType
    transaction: str


@dataclass(frozen=True)
class Party:
    """A source or destination: a party's or place's URI and in which capacity it gives or takes."""

    type: SourceDestinationType
    uri: str


@dataclass(frozen=True)
class SensorElement:
    """EPCIS 2.0 §7.3.7; the members are named as in its JSON, such as ``time``, ``deviceID``, ``type`` and ``value``."""

    reports: Sequence[Mapping[str, Json]]
    metadata: Mapping[str, Json] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Event:
    """An EPCIS 2.0 event. All identifiers are URIs; both times carry an offset.

    ``event_time`` is when it happened, shown on the clock of ``local_zone``; ``record_time`` when this system learned
    of it. ``ilmd`` describes a lot at its beginning; its names and those of ``extensions`` are ``prefix:name``, with the
    URI of each prefix in ``namespaces`` (``cbvmda`` is known). In an aggregation ``epcs`` and ``quantities`` are the
    children of ``parent``; a transformation has inputs and outputs instead.
    Raises ``ValueError`` for what no event of its type may lack or have (EPCIS 2.0 §7.4).
    """

    type: EventType
    event_time: datetime
    business_step: BusinessStep
    action: Action | None = None
    disposition: Disposition | None = None
    record_time: datetime | None = None
    local_zone: tzinfo = VIETNAM
    event_id: str | None = None
    epcs: Sequence[str] = ()
    quantities: Sequence[Quantity] = ()
    parent: str | None = None
    input_epcs: Sequence[str] = ()
    input_quantities: Sequence[Quantity] = ()
    output_epcs: Sequence[str] = ()
    output_quantities: Sequence[Quantity] = ()
    transformation_id: str | None = None
    read_point: str | None = None
    business_location: str | None = None
    business_transactions: Sequence[BusinessTransaction] = ()
    sources: Sequence[Party] = ()
    destinations: Sequence[Party] = ()
    sensor_elements: Sequence[SensorElement] = ()
    ilmd: Mapping[str, Json] = field(default_factory=dict)
    extensions: Mapping[str, Json] = field(default_factory=dict)
    namespaces: Mapping[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if self.event_time.tzinfo is None or (self.record_time and self.record_time.tzinfo is None):
            raise ValueError("event and record time need an offset")
        transforms = self.type is EventType.TRANSFORMATION
        takes = bool(self.input_epcs or self.input_quantities)
        gives = bool(self.output_epcs or self.output_quantities)
        has_subject = bool(self.epcs or self.quantities)
        if transforms == (self.action is not None):
            raise ValueError("every event has an action, except a transformation")
        if transforms and (has_subject or not (self.transformation_id or (takes and gives))):
            raise ValueError("a transformation has inputs and outputs, or an ID that joins it to those which have them")
        if not transforms and (takes or gives):
            raise ValueError("only a transformation has inputs and outputs")
        if self.type is EventType.OBJECT and not (has_subject or self.sensor_elements):
            raise ValueError("an object event is about something")
        if self._has_children and not self.parent:
            raise ValueError("an aggregation or association has a parent")

    @property
    def _has_children(self) -> bool:
        return self.type in (EventType.AGGREGATION, EventType.ASSOCIATION)


def to_epcis(event: Event) -> dict[str, Json]:
    """The event in EPCIS 2.0 JSON; its ``eventID`` is its CBV hash unless it came with another.

    A document around it says the ``@context`` (``epcis_document``).
    """
    return {**_body(event), "eventID": event.event_id or event_hash(event)}


def event_hash(event: Event) -> str:
    """``ni:///sha-256;…?ver=CBV2.0``: equal for equal events, whatever system wrote them down and when."""
    return canonical.event_hash(_body(event), event.namespaces)


def epcis_document(events: Sequence[Event], *, created: datetime) -> dict[str, Json]:
    """An EPCIS 2.0 document of ``events``; where two of them give one prefix two URIs, ``ValueError``."""
    namespaces: dict[str, Json] = {}
    for event in events:
        for prefix, uri in event.namespaces.items():
            if namespaces.setdefault(prefix, uri) != uri:
                raise ValueError(f"{prefix} stands for {namespaces[prefix]} and for {uri}")
    return document_of([to_epcis(event) for event in events], namespaces, created=created)


def document_of(
    bodies: Sequence[Mapping[str, Json]], namespaces: Mapping[str, Json], *, created: datetime
) -> dict[str, Json]:
    """An EPCIS 2.0 document of events that were written down before, as ``to_epcis`` gave them."""
    return {
        "@context": [CONTEXT, namespaces] if namespaces else [CONTEXT],
        "type": "EPCISDocument",
        "schemaVersion": "2.0",
        "creationDate": _moment(created, UTC),
        "epcisBody": {"eventList": list(bodies)},
    }


_PROPERTIES_FOR_ANYONE = frozenset(
    (
        "type",
        "eventID",
        "eventTime",
        "eventTimeZoneOffset",
        "recordTime",
        "errorDeclaration",
        "parentID",
        "epcList",
        "childEPCs",
        "action",
        "bizStep",
        "disposition",
        "readPoint",
        "bizLocation",
        "sensorElementList",
        "ilmd",
    )
)


def for_anyone(body: Mapping[str, Any]) -> dict[str, Json]:
    """What anybody may read of a recorded event: no amounts, no parties, no papers, nothing that was written freely
    except why it was declared wrong, unless that is between two businesses. Its ``eventID`` stays that of the whole event.
    """
    between_two = body.get("bizStep") in (BusinessStep.SHIPPING, BusinessStep.RECEIVING)
    if between_two and "errorDeclaration" in body:
        said = {name: value for name, value in body["errorDeclaration"].items() if ":" not in name}
        body = {**body, "errorDeclaration": said}
    return {
        name: [{"epcClass": each["epcClass"]} for each in value] if name.endswith("uantityList") else value
        for name, value in body.items()
        if name in _PROPERTIES_FOR_ANYONE
        or name.endswith("uantityList")
        or (name.startswith(f"{OWN_PREFIX}:") and name.removeprefix(f"{OWN_PREFIX}:") in SHOWN)
    }


def _body(event: Event) -> dict[str, Json]:
    epcs, quantities = ("childEPCs", "childQuantityList") if event._has_children else ("epcList", "quantityList")
    event_time = _moment(event.event_time, event.local_zone)
    members: dict[str, Json] = {
        "type": event.type.value,
        "eventTime": event_time,
        "eventTimeZoneOffset": event_time[-6:],
        "recordTime": _moment(event.record_time, UTC) if event.record_time else None,
        "parentID": event.parent,
        epcs: list(event.epcs),
        quantities: _quantities(event.quantities),
        "inputEPCList": list(event.input_epcs),
        "inputQuantityList": _quantities(event.input_quantities),
        "outputEPCList": list(event.output_epcs),
        "outputQuantityList": _quantities(event.output_quantities),
        "action": event.action.value if event.action else None,
        "transformationID": event.transformation_id,
        "bizStep": _business_step(event),
        "disposition": event.disposition.value if event.disposition else None,
        "readPoint": {"id": event.read_point} if event.read_point else None,
        "bizLocation": {"id": event.business_location} if event.business_location else None,
        "bizTransactionList": [
            {"type": paper.type.value, "bizTransaction": paper.transaction} for paper in event.business_transactions
        ],
        "sourceList": [{"type": party.type.value, "source": party.uri} for party in event.sources],
        "destinationList": [{"type": party.type.value, "destination": party.uri} for party in event.destinations],
        "sensorElementList": [_sensor_element(element) for element in event.sensor_elements],
        "ilmd": dict(event.ilmd),
        **event.extensions,
    }
    return {name: value for name, value in members.items() if value not in (None, [], {})}


def _business_step(event: Event) -> str:
    """A bare word of CBV, or the URI of a step of our own."""
    step = event.business_step
    return event.namespaces[OWN_PREFIX] + step if step.is_own else step.value


def _quantities(quantities: Sequence[Quantity]) -> list[Json]:
    return [_quantity(quantity) for quantity in quantities]


def _quantity(quantity: Quantity) -> dict[str, Json]:
    if quantity.amount is None:
        return {"epcClass": quantity.epc_class}
    whole, rest = divmod(quantity.amount, quantity.unit.base_units)
    number = quantity.amount / quantity.unit.base_units if rest else whole
    # EPCIS 2.0 §7.3.3.3: pieces have no unit of measure.
    unit: dict[str, Json] = {} if quantity.unit is Unit.EA else {"uom": quantity.unit.value}
    return {"epcClass": quantity.epc_class, "quantity": number, **unit}


def _sensor_element(element: SensorElement) -> dict[str, Json]:
    metadata: dict[str, Json] = {"sensorMetadata": dict(element.metadata)} if element.metadata else {}
    return {**metadata, "sensorReport": [dict(report) for report in element.reports]}


def _moment(moment: datetime, zone: tzinfo) -> str:
    return moment.astimezone(zone).isoformat(timespec="milliseconds")
