"""A machine makes batches out of others, takes from stock and follows what became of what."""

from typing import Any

import pytest
from sqlalchemy.orm import Session

from tests.api.conftest import Machine
from tests.factories import make_batch, make_product, make_site
from trace.domain.quantities import Unit
from trace.storage.businesses import Business

AT = "2026-03-02T10:00:00+07:00"


def kilograms(value: str) -> dict[str, str]:
    return {"value": value, "unit": "KGM"}


@pytest.fixture
def facts(session: Session, business: Business) -> dict[str, Any]:
    """Of a batch of 50 kg made out of half of another one."""
    site, product = make_site(session, business), make_product(session, business)
    batch = make_batch(session, business, product_id=product.id, site_id=site.id)
    return {
        "inputs": [{"batch_id": batch.id, "amount": kilograms("60")}],
        "product_id": product.id,
        "site_id": site.id,
        "amount": kilograms("50"),
        "loss": kilograms("7.5"),
        "at": AT,
    }


def publish(machine: Machine, business: Business, facts: dict[str, Any]) -> str:
    batch = f"/businesses/{business.id}/batches/{facts['inputs'][0]['batch_id']}"
    assert machine("POST", f"{batch}/publication").status_code == 200
    return batch


def test_the_amounts_add_up_at_every_step(
    machine: Machine, officer: Machine, anyone: Machine, business: Business, facts: dict[str, Any]
) -> None:
    batch = publish(machine, business, facts)
    made = machine("POST", f"/businesses/{business.id}/transformations", facts)
    assert (made.status_code, made.json["status"]) == (201, "published")

    removed = machine("POST", f"{batch}/removals", {"kind": "lost", "amount": kilograms("10"), "at": AT})
    assert (removed.status_code, removed.json["body"]["trace:movement"]) == (201, "lost")
    parts = machine("POST", f"{batch}/splits", {"amounts": [kilograms("20"), kilograms("5")], "at": AT})
    assert (parts.status_code, len(parts.json["items"])) == (201, 2)

    balance = machine("GET", f"{batch}/balance").json
    assert {name: amount["value"] for name, amount in balance.items() if amount["value"] != "0"} == {
        "had": "120",
        "left": "25",
        "used": "85",
        "lost": "10",
    }
    balance = machine("GET", f"/businesses/{business.id}/batches/{made.json['id']}/balance").json
    assert (balance["made_from"], balance["unexplained"]) == (kilograms("60"), kilograms("2.5"))
    holdings = machine("GET", f"/businesses/{business.id}/holdings").json["items"]
    assert [holding["amount"]["value"] for holding in holdings] == ["5", "20", "50", "25"]

    code = holdings[-1]["code"]
    for caller, seen in ((machine, 4), (officer, 4), (anyone, 1)):
        trace = caller("GET", f"/batches/{code}/trace?direction=forward").json
        assert (len(trace["batches"]), len(trace["links"])) == (seen, seen - 1)
    back = machine("GET", f"/batches/{made.json['public_code']}/trace?direction=back").json
    assert back["links"] == [{"parent": code, "child": made.json["public_code"], "amount": kilograms("60")}]


def test_what_does_not_add_up_is_named(
    machine: Machine, session: Session, business: Business, facts: dict[str, Any]
) -> None:
    batch = publish(machine, business, facts)
    eggs = make_product(session, business, unit=Unit.EA)
    too_much = {"kind": "lost", "amount": kilograms("121"), "at": AT}
    assert machine("POST", f"{batch}/removals", too_much).json["code"] == "not-enough-held"
    address = f"/businesses/{business.id}/transformations"
    for code, wrong in {
        "made-from-too-little": {"amount": kilograms("55")},
        "not-held": {"inputs": [{"batch_id": 987_654, "amount": kilograms("1")}]},
        "units-differ": {"product_id": eggs.id, "amount": {"value": "1", "unit": "EA"}, "loss": None},
        "happens-in-future": {"at": "2199-01-01T00:00:00+07:00"},
    }.items():
        answer = machine("POST", address, {**facts, **wrong})
        assert code in answer.text, (code, answer.text)
    assert len(machine("GET", f"/businesses/{business.id}/holdings").json["items"]) == 1


def test_a_trace_has_a_direction(anyone: Machine, machine: Machine, business: Business, facts: dict[str, Any]) -> None:
    batch = publish(machine, business, facts)
    code = machine("GET", batch).json["public_code"]
    assert anyone("GET", f"/batches/{code}/trace").status_code == 422
    assert anyone("GET", "/batches/0000000000/trace?direction=back").status_code == 404


def test_a_removal_is_taken_back(machine: Machine, business: Business, facts: dict[str, Any]) -> None:
    batch = publish(machine, business, facts)
    removed = machine("POST", f"{batch}/removals", {"kind": "lost", "amount": kilograms("10"), "at": AT}).json
    undoing = f"/businesses/{business.id}/events/{removed['id']}/undoing"
    assert machine("POST", undoing, {"reason": "Cân nhầm"}).status_code == 204
    assert machine("POST", undoing, {"reason": "Cân nhầm"}).json["code"] == "already-undone"
    assert machine("GET", f"{batch}/balance").json["left"] == kilograms("120")


def test_officers_see_a_batch_over_all_its_holders(
    machine: Machine, officer: Machine, business: Business, facts: dict[str, Any]
) -> None:
    batch = publish(machine, business, facts)
    machine("POST", f"{batch}/removals", {"kind": "lost", "amount": kilograms("10"), "at": AT})
    path = f"/batches/{machine('GET', batch).json['public_code']}/balance"
    assert machine("GET", path).status_code == 403
    found = officer("GET", path).json
    assert (found["made"], found["left"], found["between"]) == (kilograms("120"), kilograms("110"), kilograms("0"))
    assert found["gone"] == [{"kind": "lost", "amount": kilograms("10")}]
    assert [holder["business_id"] for holder in found["holders"]] == [business.id]


def test_a_product_declares_what_is_added(machine: Machine, business: Business, facts: dict[str, Any]) -> None:
    publish(machine, business, facts)
    path = f"/businesses/{business.id}/products/{facts['product_id']}/making-rules"
    rule = {"valid_from": "2026-03-01", "added": [{"name": "Nước", "share": 20}]}
    assert machine("POST", path, rule).status_code == 201
    made = machine("POST", f"/businesses/{business.id}/transformations", {**facts, "amount": kilograms("64.5")})
    assert made.status_code == 201
    [declared] = machine("GET", path).json["items"]
    assert (declared["added"], declared["valid_from"]) == (rule["added"], "2026-03-01")
    balance = machine("GET", f"/businesses/{business.id}/batches/{made.json['id']}/balance").json
    assert balance["added"] == kilograms("12")
