"""Events leave as EPCIS 2.0, to everyone as much as is theirs to know."""

from typing import Any

import pytest
from sqlalchemy.orm import Session

from tests.api.conftest import Machine
from tests.epcis import events_in
from tests.factories import make_batch
from trace.storage.batches import Batch
from trace.storage.businesses import Business

AT = "2026-03-02T10:00:00+07:00"


@pytest.fixture
def batch(session: Session, machine: Machine, business: Business) -> Batch:
    """Packed, packed once more by mistake, and partly sold and lost."""
    made = make_batch(session, business)
    path = f"/businesses/{business.id}/batches/{made.id}"
    machine("POST", f"{path}/publication")
    packing = {"at": AT, "site_id": made.site_id}
    machine("POST", f"{path}/packings", {**packing, "packs": 12})
    wrong = machine("POST", f"{path}/packings", packing).json["id"]
    machine("POST", f"{path}/events/{wrong}/error-declaration", {"reason": "Ghi hai lần"})
    for kind in ("sold", "lost"):
        amount = {"value": "3", "unit": "KGM"}
        machine("POST", f"{path}/removals", {"kind": kind, "amount": amount, "at": AT, "reason": "Chị Hoa mua"})
    session.refresh(made)
    return made


@pytest.fixture
def terms(machine: Machine) -> set[str]:
    """What the published vocabulary explains."""
    document = machine.client.get("/voc/", headers={"Accept": "application/ld+json"}).get_json(force=True)
    assert machine.client.get("/voc.jsonld").get_json(force=True) == document
    return {resource["@id"] for resource in document["@graph"]}


def events(caller: Machine, batch: Batch, terms: set[str], query: str = "") -> list[dict[str, Any]]:
    answer = caller("GET", f"/batches/{batch.public_code}/events{query}")
    assert (answer.status_code, answer.content_type) == (200, "application/ld+json")
    return events_in(answer.get_json(force=True), terms=terms)


def test_whoever_recorded_them_and_an_officer_read_all(
    machine: Machine, officer: Machine, batch: Batch, terms: set[str]
) -> None:
    found = events(machine, batch, terms)
    steps = ["other", "retail_selling", "packing", "packing", "packing", "creating_class_instance"]
    assert [event["bizStep"] for event in found] == steps
    assert found[1]["quantityList"][0]["quantity"] == 3
    assert events(officer, batch, terms) == found
    error, wrong = found[2:4]
    assert error["errorDeclaration"]["trace:said"] == "Ghi hai lần"
    assert {**error, "errorDeclaration": None} == {**wrong, "errorDeclaration": None}


def test_anyone_else_reads_no_amount_no_sale_and_no_free_words(
    machine: Machine, anyone: Machine, batch: Batch, terms: set[str]
) -> None:
    shown = events(anyone, batch, terms)
    assert [event["bizStep"] for event in shown] == ["packing"] * 3 + ["creating_class_instance"]
    assert {key for event in shown for each in event["quantityList"] for key in each} == {"epcClass"}
    assert {name for event in shown for name in event if ":" in name} == {"trace:batch", "trace:number"}
    assert "Hoa" not in str(shown)
    whole = {event["eventID"] for event in events(machine, batch, terms)}
    assert {event["eventID"] for event in shown} < whole


def test_a_long_history_comes_in_pages(anyone: Machine, batch: Batch, terms: set[str]) -> None:
    first = anyone("GET", f"/batches/{batch.public_code}/events?limit=3")
    following = first.headers["Link"].partition("?")[2].partition(">")[0]
    rest = events(anyone, batch, terms, f"?{following}")
    assert [event["bizStep"] for event in rest] == ["creating_class_instance"]
    assert "Link" not in anyone("GET", f"/batches/{batch.public_code}/events").headers


def test_a_code_that_was_never_given_out_has_no_events(anyone: Machine) -> None:
    assert anyone("GET", "/batches/0000000000/events").status_code == 404
