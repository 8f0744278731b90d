"""Events become EPCIS 2.0 JSON, and their identity is the hash that other systems compute too."""

import json
from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal
from typing import Any

import pytest
from epcis_event_hash_generator import hash_generator, json_to_py
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from trace.domain.chain import (
    BusinessTransaction,
    Event,
    Party,
    Quantity,
    SensorElement,
    epcis_document,
    event_hash,
    to_epcis,
)
from trace.domain.event_hash import canonical_form
from trace.domain.quantities import Unit
from trace.domain.vocabulary import (
    Action,
    BusinessStep,
    BusinessTransactionType,
    Disposition,
    EventType,
    SourceDestinationType,
)

NAMESPACE = {"trace": "https://trace.example/vocabulary/"}
LOT = "https://trace.example/01/08930000000019/10/VD-260304-1"
OWN_CODE = "https://trace.example/q/7K3M9XW2QT"
HARVESTED = datetime(2026, 3, 4, 5, 30, tzinfo=timezone(timedelta(hours=7)))


def harvest(**changes: Any) -> Event:
    facts: dict[str, Any] = {
        "type": EventType.OBJECT,
        "action": Action.ADD,
        "event_time": HARVESTED,
        "record_time": HARVESTED + timedelta(hours=2),
        "business_step": BusinessStep.CREATING_CLASS_INSTANCE,
        "disposition": Disposition.ACTIVE,
        "quantities": [Quantity(OWN_CODE, 12_500, Unit.KGM)],
        "read_point": "https://trace.example/sites/12",
    }
    return Event(**(facts | changes))


def reference_hash(event: Event) -> str:
    """What GS1's reference implementation computes from the JSON that we hand out."""
    document = json.loads(json.dumps(epcis_document([event], created=datetime(2026, 3, 4, tzinfo=UTC))))
    events = json_to_py.event_list_from_epcis_document_json(document)
    (result,) = hash_generator.epcis_hashes_from_events(events)
    return str(result)


# The reference implementation reads its own package data in a way that Python 3.11 discourages.
agrees_with_reference = pytest.mark.filterwarnings("ignore:open_text is deprecated:DeprecationWarning")


def test_a_harvest_in_epcis_json() -> None:
    assert to_epcis(harvest(ilmd={"cbvmda:lotNumber": "VD-260304-1"})) == {
        "type": "ObjectEvent",
        "eventTime": "2026-03-04T05:30:00.000+07:00",
        "eventTimeZoneOffset": "+07:00",
        "recordTime": "2026-03-04T00:30:00.000+00:00",
        "eventID": event_hash(harvest(ilmd={"cbvmda:lotNumber": "VD-260304-1"})),
        "quantityList": [{"epcClass": OWN_CODE, "quantity": 12.5, "uom": "KGM"}],
        "action": "ADD",
        "bizStep": "creating_class_instance",
        "disposition": "active",
        "readPoint": {"id": "https://trace.example/sites/12"},
        "ilmd": {"cbvmda:lotNumber": "VD-260304-1"},
    }


def test_pieces_have_no_unit_of_measure() -> None:
    event = harvest(quantities=[Quantity(LOT, 30, Unit.EA)])
    assert to_epcis(event)["quantityList"] == [{"epcClass": LOT, "quantity": 30}]


def test_the_offset_is_that_of_the_place_even_when_the_time_was_stored_in_utc() -> None:
    stored = harvest(event_time=HARVESTED.astimezone(UTC))
    assert to_epcis(stored) == to_epcis(harvest())


def test_the_record_time_is_no_part_of_the_identity() -> None:
    assert event_hash(harvest(record_time=None)) == event_hash(harvest())


@pytest.mark.parametrize(
    "change",
    [
        {"event_time": HARVESTED + timedelta(milliseconds=1)},
        {"quantities": [Quantity(OWN_CODE, 12_501, Unit.KGM)]},
        {"action": Action.OBSERVE},
        {"read_point": "https://trace.example/sites/13"},
        {"ilmd": {"cbvmda:lotNumber": "VD-260304-1"}},
        {"extensions": {"trace:note": "x"}, "namespaces": NAMESPACE},
    ],
)
def test_any_other_change_changes_the_identity(change: dict[str, Any]) -> None:
    assert event_hash(harvest(**change)) != event_hash(harvest())


def test_the_order_in_which_goods_are_listed_does_not_matter() -> None:
    goods = [Quantity(OWN_CODE, 1000, Unit.KGM), Quantity(LOT, 2000, Unit.KGM)]
    assert event_hash(harvest(quantities=goods)) == event_hash(harvest(quantities=goods[::-1]))


def test_canonical_form_of_a_delivery_follows_the_standards_order() -> None:
    delivery = harvest(
        action=Action.OBSERVE,
        business_step=BusinessStep.SHIPPING,
        disposition=Disposition.IN_TRANSIT,
        quantities=[Quantity(LOT, 5000, Unit.KGM)],
        business_transactions=[BusinessTransaction(BusinessTransactionType.DESPATCH_ADVICE, "urn:x:PG-7")],
        sources=[Party(SourceDestinationType.OWNING_PARTY, "https://trace.example/b/1")],
        destinations=[Party(SourceDestinationType.OWNING_PARTY, "urn:epc:id:pgln:4012345.00000")],
        sensor_elements=[
            SensorElement([{"type": "Temperature", "value": 4.50, "uom": "CEL"}], {"deviceID": "urn:x:t1"})
        ],
        ilmd={"cbvmda:lotNumber": "0042"},
        extensions={"trace:zone": "B", "trace:names": ["b", "a"]},
        namespaces=NAMESPACE,
    )
    assert canonical_form(to_epcis(delivery), NAMESPACE) == (
        "eventType=ObjectEvent"
        "eventTime=2026-03-03T22:30:00.000Z"
        "eventTimeZoneOffset=+07:00"
        "quantityListquantityElementepcClass=https://id.gs1.org/01/08930000000019/10/VD-260304-1quantity=5uom=KGM"
        "action=OBSERVE"
        "bizStep=https://ref.gs1.org/cbv/BizStep-shipping"
        "disposition=https://ref.gs1.org/cbv/Disp-in_transit"
        "readPointid=https://trace.example/sites/12"
        "bizTransactionListtype=https://ref.gs1.org/cbv/BTT-desadvbizTransaction=urn:x:PG-7"
        "sourceListtype=https://ref.gs1.org/cbv/SDT-owning_partysource=https://trace.example/b/1"
        "destinationListtype=https://ref.gs1.org/cbv/SDT-owning_partydestination=https://id.gs1.org/417/4012345000009"
        "sensorElementListsensorElementsensorMetadatadeviceID=urn:x:t1"
        "sensorReporttype=https://gs1.org/voc/Temperaturevalue=4.5uom=CEL"
        "ilmd{urn:epcglobal:cbv:mda}lotNumber=42"
        "{https://trace.example/vocabulary/}names=a"
        "{https://trace.example/vocabulary/}names=b"
        "{https://trace.example/vocabulary/}zone=B"
    )


def test_urns_and_web_uris_of_the_same_word_have_one_canonical_form() -> None:
    bare = {"type": "ObjectEvent", "bizStep": "packing", "disposition": "active"}
    urns = {"bizStep": "urn:epcglobal:cbv:bizstep:packing", "disposition": "urn:epcglobal:cbv:disp:active"}
    curies = {"bizStep": "cbv:BizStep-packing", "disposition": "https://ref.gs1.org/cbv/Disp-active"}
    assert canonical_form(bare) == canonical_form(bare | urns) == canonical_form(bare | curies)


SHIPMENT = harvest(
    action=Action.OBSERVE,
    business_step=BusinessStep.SHIPPING,
    epcs=[f"{LOT}/21/A1", "urn:epc:id:sgtin:4012345.012345.77"],
    business_location="urn:epc:id:sgln:4012345.00011.0",
    business_transactions=[
        BusinessTransaction(BusinessTransactionType.PURCHASE_ORDER, "urn:x:2"),
        BusinessTransaction(BusinessTransactionType.INVOICE, "urn:x:1"),
    ],
)


@agrees_with_reference
@pytest.mark.parametrize(
    "event",
    [
        harvest(),
        SHIPMENT,
        harvest(sources=[Party(SourceDestinationType.POSSESSING_PARTY, "https://trace.example/b/1")]),
        harvest(destinations=[Party(SourceDestinationType.LOCATION, "urn:epc:id:sgln:4012345.00011.5")]),
        harvest(ilmd={"trace:variety": "Cải ngọt", "trace:plot": ["2", "1"]}, namespaces=NAMESPACE),
        harvest(extensions={"trace:diary": {"trace:b": "1.50", "trace:a": "x"}}, namespaces=NAMESPACE),
        harvest(
            quantities=(),
            action=Action.OBSERVE,
            business_step=BusinessStep.SENSOR_REPORTING,
            sensor_elements=[
                SensorElement(
                    [{"type": "Temperature", "value": 4.0, "uom": "CEL"}, {"type": "RelativeHumidity", "value": 81.25}],
                    {"time": "2026-03-04T05:30:00+07:00", "deviceID": "urn:epc:id:giai:4000001.111"},
                )
            ],
        ),
        Event(
            type=EventType.TRANSFORMATION,
            event_time=HARVESTED,
            business_step=BusinessStep.PACKING,
            input_quantities=[Quantity(LOT, 12_500, Unit.KGM)],
            output_quantities=[Quantity(OWN_CODE, 25, Unit.EA), Quantity(LOT, 1, Unit.LTR)],
            transformation_id="https://trace.example/transformations/1",
        ),
        Event(
            type=EventType.AGGREGATION,
            event_time=HARVESTED,
            action=Action.ADD,
            business_step=BusinessStep.LOADING,
            parent="urn:epc:id:sscc:4012345.0000000001",
            epcs=["urn:x:b", "urn:x:a"],
            quantities=[Quantity("urn:epc:class:lgtin:4012345.012345.L1", 3, Unit.EA)],
        ),
    ],
    ids=lambda event: f"{event.type}-{event.business_step}",
)
def test_the_hash_agrees_with_the_reference_implementation(event: Event) -> None:
    assert event_hash(event) == reference_hash(event)


lots = st.text("ABCDEFGHJKLMNPQRSTUVWXYZ0123456789-", min_size=1, max_size=20)
amounts = st.integers(1, 10**9)
identifiers = st.builds("https://trace.example/01/08930000000019/10/{}".format, lots) | st.builds(
    "https://trace.example/q/{}".format, st.text("0123456789ABCDEFGHJKMNPQRSTVWXYZ", min_size=10, max_size=10)
)
quantities = st.builds(Quantity, identifiers, amounts, st.sampled_from(Unit))
moments = st.integers(0, 10**12).map(lambda ms: datetime(2020, 1, 1, tzinfo=UTC) + timedelta(milliseconds=ms))
words = st.text("abcdefghijklmnopqrstuvwxyzàảãáạđêơư 0123456789.", min_size=1).filter(lambda text: text.strip())
zones = st.integers(-12, 14).map(lambda hours: timezone(timedelta(hours=hours)))


@agrees_with_reference
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    moments,
    zones,
    st.lists(quantities, min_size=1, max_size=4, unique_by=lambda quantity: quantity.epc_class),
    st.sampled_from(BusinessStep),
    st.none() | st.sampled_from(Disposition),
    st.dictionaries(
        st.text("abcdefgh", min_size=1).map("trace:{}".format), words.map(lambda text: f"_{text}"), max_size=3
    ),
)
def test_the_hash_of_any_object_event_agrees_with_the_reference_implementation(
    moment: datetime,
    zone: timezone,
    goods: list[Quantity],
    step: BusinessStep,
    disposition: Disposition | None,
    extensions: dict[str, Any],
) -> None:
    event = harvest(
        event_time=moment,
        local_zone=zone,
        quantities=goods,
        business_step=step,
        disposition=disposition,
        extensions=extensions,
        namespaces=NAMESPACE,
    )
    assert event_hash(event) == reference_hash(event)


@given(amounts, st.sampled_from(Unit))
def test_amounts_leave_the_system_exactly(amount: int, unit: Unit) -> None:
    (element,) = json.loads(json.dumps(to_epcis(harvest(quantities=[Quantity(LOT, amount, unit)]))))["quantityList"]
    assert Decimal(str(element["quantity"])) * unit.base_units == amount


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        ({"event_time": datetime(2026, 3, 4)}, "offset"),  # noqa: DTZ001 the missing offset is the point
        ({"action": None}, "action"),
        ({"quantities": ()}, "about something"),
        ({"input_epcs": ["urn:x:a"]}, "inputs and outputs"),
        ({"type": EventType.AGGREGATION}, "parent"),
        ({"type": EventType.TRANSFORMATION, "action": None}, "inputs and outputs"),
    ],
)
def test_what_is_no_event_is_refused(change: dict[str, Any], fault: str) -> None:
    with pytest.raises(ValueError, match=fault):
        harvest(**change)


def test_a_document_declares_the_prefixes_of_its_events() -> None:
    created = datetime(2026, 3, 4, tzinfo=UTC)
    context = epcis_document([harvest(), harvest(namespaces=NAMESPACE)], created=created)["@context"]
    assert context == ["https://ref.gs1.org/standards/epcis/2.0.0/epcis-context.jsonld", NAMESPACE]
    with pytest.raises(ValueError, match="stands for"):
        epcis_document(
            [harvest(namespaces=NAMESPACE), harvest(namespaces={"trace": "https://other/"})], created=created
        )
