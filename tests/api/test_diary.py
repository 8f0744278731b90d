"""The diary, kept by a machine."""

from typing import Any

import pytest
from sqlalchemy.orm import Session

from tests import factories
from tests.api.conftest import Machine
from tests.client import Clock
from trace.storage.businesses import Business

SPRAY = {
    "kind": "pesticide",
    "happened_on": "2026-02-27",
    "material": "Radiant 60SC",
    "active_ingredient": "Spinetoram",
    "dose": "15 ml/bình",
    "interval_days": 7,
    "area_m2": 360,
    "operator": "Anh Ba",
}


@pytest.fixture
def season(machine: Machine, business: Business, session: Session, clock: Clock) -> Any:
    clock.set(factories.NOW)
    site, product = factories.make_site(session, business), factories.make_product(session, business)
    facts = {"site_id": site.id, "product_id": product.id, "plot": "Ruộng 1", "started_on": "2026-02-01"}
    answer = machine("POST", f"/businesses/{business.id}/seasons", facts)
    assert answer.status_code == 201
    return answer.json


def test_an_early_harvest_is_recorded_flagged_and_can_be_corrected(
    machine: Machine, business: Business, season: Any
) -> None:
    home = f"/businesses/{business.id}"
    entries = f"{home}/seasons/{season['id']}/entries"
    sprayed = machine("POST", entries, SPRAY).json
    amount = {"value": "12.5", "unit": "KGM"}
    reaped = machine("POST", entries, {"kind": "harvest", "happened_on": "2026-03-02", "amount": amount})
    assert (reaped.status_code, reaped.json["amount"]) == (201, amount)
    (flag,) = machine("GET", f"{home}/diary-flags").json["items"]
    assert (flag["kind"], flag["entry_id"]) == ("harvest_in_interval", sprayed["id"])
    correction = {**SPRAY, "dose": "20 ml/bình", "reason": "Nhầm"}
    corrected = machine("POST", f"{home}/diary-entries/{sprayed['id']}/corrections", correction)
    assert corrected.json["corrects_id"] == sprayed["id"]
    assert len(machine("GET", entries).json["items"]) == 3


def test_a_device_sends_again_without_doubling(machine: Machine, business: Business, season: Any) -> None:
    entries = f"/businesses/{business.id}/seasons/{season['id']}/entries"
    note = {"kind": "note", "happened_on": "2026-03-01", "note": "Mưa", "client_key": "sensor-1"}
    assert machine("POST", entries, note).json == machine("POST", entries, note).json
    refused = machine("POST", entries, {**note, "note": "Nắng"})
    assert (refused.status_code, refused.json["code"]) == (409, "diary-key-of-other-entry")


def test_a_season_ends_and_takes_no_more(machine: Machine, business: Business, season: Any) -> None:
    path = f"/businesses/{business.id}/seasons"
    etag = machine("GET", f"{path}/{season['id']}").headers["ETag"]
    assert machine("PUT", f"{path}/{season['id']}/closed", {"closed": True}, if_match=etag).json["closed_at"]
    answer = machine("POST", f"{path}/{season['id']}/entries", {**SPRAY, "interval_days": None})
    assert (answer.status_code, answer.json["code"]) == (409, "season-closed")
    assert [one["id"] for one in machine("GET", path).json["items"]] == [season["id"]]
