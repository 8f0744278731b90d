"""A machine is asked why a harvest is unusual, and an officer's machine reads the answer."""

from sqlalchemy.orm import Session

from tests import factories
from tests.api.conftest import Machine
from trace.storage.businesses import Business


def test_the_reason_travels_from_the_scale_to_the_department(
    session: Session, machine: Machine, officer: Machine, business: Business
) -> None:
    site = factories.make_site(session, business, area_m2=100)
    product = factories.make_product(session, business)
    facts = {
        "product_id": product.id,
        "site_id": site.id,
        "amount": {"value": "401", "unit": "KGM"},
        "production_date": "2026-03-01",
    }
    path = f"/businesses/{business.id}/batches"
    asked = machine("POST", path, json=facts)
    assert (asked.status_code, asked.json["code"]) == (422, "harvest-unusual")
    assert machine("POST", path, json={**facts, "excess_reason": "Hai lứa"}).status_code == 201
    (excess,) = officer("GET", "/excesses?kind=harvest&is_seen=false").json["items"]
    assert (excess["reason"], excess["details"]["possible"]) == ("Hai lứa", 400_000)
    concluded = officer("POST", f"/excesses/{excess['id']}/conclusion", json={"conclusion": "Đã gọi"})
    assert concluded.json["conclusion"] == "Đã gọi"
    assert officer("GET", "/excesses?is_seen=false").json["items"] == []
    assert machine("GET", "/excesses").status_code == 403
