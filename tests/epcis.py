"""What EPCIS 2.0 and CBV 2.0 ask of a document, as far as ours can be wrong about it."""

import re
from datetime import datetime
from typing import Any

from trace.domain.vocabulary import BusinessStep, Disposition, EventType

CONTEXT = "https://ref.gs1.org/standards/epcis/2.0.0/epcis-context.jsonld"
OF_CBV = {step.value for step in BusinessStep if not step.is_own}
HASH = re.compile(r"ni:///sha-256;[0-9a-f]{64}\?ver=CBV2\.0")
URI = re.compile(r"[a-z][a-z0-9+.-]*:\S+")
SUBJECTS = ("epcList", "quantityList")
PARTS = ("inputEPCList", "inputQuantityList"), ("outputEPCList", "outputQuantityList")
REPORTED = {"value", "minValue", "maxValue", "meanValue", "stringValue", "booleanValue", "uriValue"}


def events_in(document: dict[str, Any], *, terms: set[str]) -> list[dict[str, Any]]:
    """Its events, none of which breaks a rule. ``terms`` are the URIs that our vocabulary explains."""
    assert (document["type"], document["schemaVersion"]) == ("EPCISDocument", "2.0")
    assert _moment(document["creationDate"])
    first, prefixes = document["@context"]
    assert first == CONTEXT
    events: list[dict[str, Any]] = document["epcisBody"]["eventList"]
    for event in events:
        _check(event, prefixes, terms)
    return events


def _check(event: dict[str, Any], prefixes: dict[str, str], terms: set[str]) -> None:
    transforms = event["type"] == EventType.TRANSFORMATION
    assert event["type"] in set(EventType)
    assert HASH.fullmatch(event["eventID"])
    assert event["eventTime"].endswith(event["eventTimeZoneOffset"])
    assert _moment(event["recordTime"]) >= _moment(event["eventTime"])
    assert (event.get("action") in ("ADD", "OBSERVE", "DELETE")) is not transforms
    if transforms:
        assert all(any(event.get(name) for name in names) for names in PARTS)
    elif event["type"] == EventType.OBJECT:
        assert any(event.get(name) for name in (*SUBJECTS, "sensorElementList"))
    assert event["bizStep"] in OF_CBV or event["bizStep"] in terms, event["bizStep"]
    assert event.get("disposition") in {None, *Disposition}
    for place in filter(None, (event.get("readPoint"), event.get("bizLocation"))):
        assert URI.fullmatch(place["id"])
    for name in event:
        if name.endswith("uantityList"):
            for goods in event[name]:
                assert URI.fullmatch(goods["epcClass"])
                assert "uom" not in goods or "quantity" in goods
    for element in event.get("sensorElementList", ()):
        assert element["sensorReport"]
        for report in element["sensorReport"]:
            assert report["type"]
            assert report.keys() & REPORTED
    if error := event.get("errorDeclaration"):
        assert _moment(error["declarationTime"])
        assert error["reason"] in ("did_not_occur", "incorrect_data")
        assert all(HASH.fullmatch(each) for each in error.get("correctiveEventIDs", ()))
    for name in [*event, *event.get("errorDeclaration", ())]:
        prefix, colon, term = name.partition(":")
        if colon and prefix != "cbvmda":
            assert prefixes[prefix] + term in terms, name


def _moment(text: str) -> datetime:
    moment = datetime.fromisoformat(text)
    assert moment.tzinfo
    return moment
