"""A machine does the main job: site, product, batch, publication, packing, labels."""

from collections.abc import Iterator
from typing import Any

import pytest
from sqlalchemy.orm import Session

from tests.api.conftest import Machine
from tests.factories import make_batch, make_business, make_product, make_site, make_user
from trace.storage.businesses import Business

FACTS = {"amount": {"value": "12.5", "unit": "KGM"}, "production_date": "2026-03-01"}


@pytest.fixture
def facts(session: Session, business: Business) -> Iterator[dict[str, Any]]:
    site, product = make_site(session, business), make_product(session, business)
    return {**FACTS, "product_id": product.id, "site_id": site.id}


def test_the_main_job(machine: Machine, anyone: Machine, business: Business, facts: dict[str, Any]) -> None:
    batches = f"/businesses/{business.id}/batches"
    draft = machine("POST", batches, facts)
    assert draft.status_code == 201
    assert draft.json["amount"] == {"value": "12.5", "unit": "KGM"}
    assert (draft.json["status"], draft.json["best_before"]) == ("draft", "2026-03-06")

    batch = f"{batches}/{draft.json['id']}"
    better = machine("PUT", batch, {**facts, "lot": "abc-1"}, if_match=draft.headers["ETag"])
    assert (better.status_code, better.json["lot"]) == (200, "ABC-1")

    published = machine("POST", f"{batch}/publication")
    code = published.json["public_code"]
    assert published.json["link"].endswith(f"/q/{code}")
    assert published.json["completeness"]["missing"] == ["stages"]

    packing = {"at": "2026-03-01T09:00:00+07:00", "site_id": facts["site_id"], "packs": 25}
    packed = machine("POST", f"{batch}/packings", packing)
    assert (packed.status_code, packed.json["business_step"]) == (201, "packing")
    assert machine("GET", batch).json["complete"] is True

    correction = {**facts, "lot": "abc-1", "amount": {"value": "12", "unit": "KGM"}, "reason": "Cân lại"}
    corrected = machine("POST", f"{batch}/corrections", correction)
    assert (corrected.status_code, corrected.json["public_code"]) == (200, code)
    versions = machine("GET", f"{batch}/versions").json["items"]
    assert [(one["number"], one["facts"]["amount"]) for one in versions] == [(2, 12_000), (1, 12_500)]

    sheet = machine("POST", f"{batch}/labels/sheet", {"count": 20, "sheet": "tomy-145"})
    assert (sheet.mimetype, sheet.data[:5]) == ("application/pdf", b"%PDF-")
    symbol = machine("POST", f"{batch}/labels/symbol.png")
    assert (symbol.mimetype, symbol.data[:4]) == ("image/png", b"\x89PNG")
    handed_out = machine("GET", f"{batch}/labels").json["items"]
    assert [(one["format"], one["count"]) for one in handed_out] == [("png", 1), ("pdf", 20)]

    assert anyone("GET", f"/batches/{code.lower()}").json["lot"] == "ABC-1"

    withdrawn = machine("POST", f"{batch}/withdrawal", {"reason": "Phát hiện sai nhãn"})
    assert withdrawn.json["status"] == "withdrawn"
    assert anyone("GET", f"/batches/{code}").json["verdicts"][0] == "withdrawn"


def test_the_facts_for_shoppers_are_those_of_their_page(
    machine: Machine, anyone: Machine, business: Business, facts: dict[str, Any]
) -> None:
    batches = f"/businesses/{business.id}/batches"
    draft = machine("POST", batches, facts).json
    code = machine("POST", f"{batches}/{draft['id']}/publication").json["public_code"]
    page = anyone.client.get(f"/q/{code}", headers={"Accept": "application/json"}).json
    here = anyone("GET", f"/batches/{code}").json
    page["completeness"]["complete"] = page["complete"]
    assert here == page


def test_a_packing_said_by_mistake_is_declared_wrong_and_stays(
    machine: Machine, business: Business, facts: dict[str, Any]
) -> None:
    batches = f"/businesses/{business.id}/batches"
    batch = f"{batches}/{machine('POST', batches, facts).json['id']}"
    machine("POST", f"{batch}/publication")
    packing = {"at": "2026-03-01T09:00:00+07:00", "site_id": facts["site_id"]}
    event = machine("POST", f"{batch}/packings", packing).json
    declared = machine("POST", f"{batch}/events/{event['id']}/error-declaration", {"reason": "Chưa đóng gói"})
    assert (declared.status_code, declared.data) == (204, b"")
    events = machine("GET", f"{batch}/events").json["items"]
    assert [one["declares_error"] for one in events] == [True, False, False]


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"amount": {"value": "12,5", "unit": "KGM"}}, "amount.value"),
        ({"amount": {"value": "0", "unit": "KGM"}}, "amount.value"),
        ({"amount": {"value": "12", "unit": "LTR"}}, "amount.unit"),
        ({"amount": {"value": 12, "unit": "KGM"}}, "amount.value"),
        ({"production_date": "01/03/2026"}, "production_date"),
        ({"production_date": "2099-01-01"}, "production_date"),
        ({"production_date": "9999-12-31"}, "production_date"),
        ({"lot": "có dấu"}, "lot"),
        ({"colour": "green"}, "colour"),
        ({"product_id": 999_999}, "product_id"),
        ({"product_id": 2**70}, "product_id"),
    ],
)
def test_what_is_wrong_is_said_at_its_field(
    machine: Machine, business: Business, facts: dict[str, Any], wrong: dict[str, Any], field: str
) -> None:
    answer = machine("POST", f"/businesses/{business.id}/batches", {**facts, **wrong})
    assert answer.status_code == 422
    assert answer.mimetype == "application/problem+json"
    assert [error["field"] for error in answer.json["errors"]] == [field]
    assert answer.json["errors"][0]["detail"]


def test_lists_are_read_page_by_page(machine: Machine, session: Session, business: Business) -> None:
    site, product = make_site(session, business), make_product(session, business)
    made = [make_batch(session, business, site_id=site.id, product_id=product.id).id for _ in range(5)]
    path = f"/businesses/{business.id}/batches?limit=2&status=draft"
    read: list[int] = []
    while path:
        answer = machine("GET", path)
        assert answer.status_code == 200, answer.text
        read += [one["id"] for one in answer.json["items"]]
        link = answer.headers.get("Link", "")
        path = link.partition("/api/v1")[2].partition(">")[0]
        assert bool(path) == (answer.json["next"] is not None)
    assert read == made[::-1]


def test_nothing_of_another_business_is_there(machine: Machine, session: Session, business: Business) -> None:
    other = make_business(session, owner=make_user(session))
    theirs = make_batch(session, other)
    assert machine("GET", f"/businesses/{other.id}/batches").status_code == 404
    assert machine("GET", f"/businesses/{business.id}/batches/{theirs.id}").status_code == 404
    assert machine("POST", f"/businesses/{business.id}/batches/{theirs.id}/publication").status_code == 404
    assert machine("POST", f"/businesses/{business.id}/batches/{theirs.id}/labels/symbol.png").status_code == 404
