"""The diary, kept by a machine."""

import json
from base64 import b64encode
from io import BytesIO
from typing import Any

import pytest
from PIL import Image
from sqlalchemy.orm import Session

from tests import factories
from tests.api.conftest import Machine
from tests.client import Clock
from tests.pictures import jpeg_with_position
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


def test_a_correction_of_what_somebody_else_corrected_is_refused(
    machine: Machine, business: Business, season: Any
) -> None:
    home = f"/businesses/{business.id}"
    sprayed = machine("POST", f"{home}/seasons/{season['id']}/entries", SPRAY).json
    path = f"{home}/diary-entries/{sprayed['id']}/corrections"
    correction = {**SPRAY, "reason": "Nhầm", "seen_id": sprayed["id"]}
    assert machine("POST", path, {**correction, "dose": "20 ml/bình"}).status_code == 201
    refused = machine("POST", path, {**correction, "dose": "25 ml/bình"})
    assert (refused.status_code, refused.json["code"]) == (409, "diary-corrected-elsewhere")


def test_an_officer_s_machine_clears_a_flag_once(
    machine: Machine, officer: Machine, business: Business, season: Any
) -> None:
    entries = f"/businesses/{business.id}/seasons/{season['id']}/entries"
    machine("POST", entries, SPRAY)
    amount = {"value": "12.5", "unit": "KGM"}
    machine("POST", entries, {"kind": "harvest", "happened_on": "2026-03-02", "amount": amount})
    (flag,) = officer("GET", "/diary-flags?open_only=true").json["items"]
    path = f"/diary-flags/{flag['id']}"
    assert officer("GET", path).headers["ETag"] == '"1"'
    assert machine("POST", f"{path}/clearance", {"reason": "Không sao"}).status_code == 403
    paper = b64encode(jpeg_with_position()).decode()
    cleared = officer("POST", f"{path}/clearance", {"reason": "Mẫu đạt", "evidence": paper})
    assert cleared.json["cleared_at"]
    assert officer("POST", f"{path}/clearance", {"reason": "Lần nữa"}).status_code == 409
    assert officer("GET", "/diary-flags?open_only=true").json["items"] == []


def test_a_photo_comes_as_a_part_or_in_the_json_and_loses_where_it_was_taken(
    machine: Machine, business: Business, season: Any
) -> None:
    entries = f"/businesses/{business.id}/seasons/{season['id']}/entries"
    note = {"kind": "note", "happened_on": "2026-03-01", "note": "Lá vàng"}
    photo = jpeg_with_position()
    headers = {"Authorization": f"Bearer {machine.key}", "Idempotency-Key": "a photo of today"}

    def send() -> Any:
        parts = {"facts": json.dumps(note), "photo": (BytesIO(photo), "la.jpg")}
        return machine.client.post(f"/api/v1{entries}", data=parts, headers=headers, buffered=True)

    first, second = send(), machine("POST", entries, {**note, "photo": b64encode(photo).decode()})
    assert (first.status_code, second.status_code) == (201, 201)
    assert first.json["photo_sha256"] == second.json["photo_sha256"]
    shown = machine("GET", f"/files/{first.json['photo_sha256']}-1600.jpeg").get_data()
    with Image.open(BytesIO(shown)) as image:
        assert not image.getexif()


def test_parts_that_are_no_entry_are_refused(machine: Machine, business: Business, season: Any) -> None:
    path = f"/api/v1/businesses/{business.id}/seasons/{season['id']}/entries"
    for parts in ({"facts": "[]"}, {"facts": "{"}, {}, {"facts": "{}", "note": (BytesIO(b"x"), "x")}):
        answer = machine.client.post(
            path,
            data=parts,
            headers={"Authorization": f"Bearer {machine.key}"},
            content_type="multipart/form-data",
            buffered=True,
        )
        assert answer.status_code in (400, 422)


def test_a_season_ends_and_takes_no_more(machine: Machine, business: Business, season: Any) -> None:
    path = f"/businesses/{business.id}/seasons"
    etag = machine("GET", f"{path}/{season['id']}").headers["ETag"]
    assert machine("PUT", f"{path}/{season['id']}/closed", {"closed": True}, if_match=etag).json["closed_at"]
    answer = machine("POST", f"{path}/{season['id']}/entries", {**SPRAY, "interval_days": None})
    assert (answer.status_code, answer.json["code"]) == (409, "season-closed")
    assert [one["id"] for one in machine("GET", path).json["items"]] == [season["id"]]
