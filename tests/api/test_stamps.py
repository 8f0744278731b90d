"""Stamps by machine: issued, activated, voided, bound, fetched and checked."""

from sqlalchemy.orm import Session

from tests.api.conftest import Machine
from tests.factories import make_batch
from trace.storage.businesses import Business

ORDER = {"count": 20, "way": "csv"}


def published(machine: Machine, business: Business, session: Session) -> str:
    """Path of a batch."""
    path = f"/businesses/{business.id}/batches/{make_batch(session, business).id}"
    assert machine("POST", f"{path}/publication").status_code == 200
    return path


def test_from_the_order_to_the_stamps_on_packs(
    machine: Machine, anyone: Machine, business: Business, session: Session
) -> None:
    batch = published(machine, business, session)
    made = machine("POST", f"{batch}/stamps", ORDER, idempotency_key="1")
    assert made.status_code == 201, made.text
    assert machine("POST", f"{batch}/stamps", ORDER, idempotency_key="1").json == made.json
    path = f"/businesses/{business.id}/stamps/{made.json['id']}"
    assert machine("GET", path).json["file"] == "ready"
    lines = machine("GET", f"{path}/file").get_data().decode("utf-8-sig").splitlines()
    links = [line.rsplit(",", 1)[1] for line in lines[1:]]
    assert len(set(links)) == 20
    code, serial = links[0].rsplit("/", 2)[1:]
    assert anyone("GET", f"/batches/{code}/stamps/{serial}").json["verdict"] == "not_activated"
    assert machine("POST", f"{path}/activation", {"first": 0, "last": 9}).status_code == 200
    assert anyone("GET", f"/batches/{code}/stamps/{serial}").json["verdict"] == "unscanned"
    assert machine("POST", f"{path}/voiding", {"first": 0, "last": 0}).status_code == 422
    voiding = {"first": 0, "last": 0, "reason": "Rách"}
    assert machine("POST", f"{path}/voiding", voiding).status_code == 200
    assert machine("POST", f"{path}/voiding", voiding).json["code"] == "stamps-already-voided"
    assert anyone("GET", f"/batches/{code}/stamps/{serial}").json["verdict"] == "voided"
    assert [each["kind"] for each in machine("GET", path).json["ranges"]] == ["activated", "voided"]


def test_a_blank_roll_is_bound_to_a_batch(machine: Machine, business: Business, session: Session) -> None:
    batch_id = int(published(machine, business, session).rsplit("/", 1)[1])
    roll = machine("POST", f"/businesses/{business.id}/stamps", {**ORDER, "way": "zpl", "design": "small"}).json
    assert roll["batch_id"] is None
    [listed] = machine("GET", f"/businesses/{business.id}/stamps").json["items"]
    assert listed == roll
    binding = {"first": 0, "last": 9, "batch_id": batch_id}
    path = f"/businesses/{business.id}/stamps/{roll['id']}/binding"
    assert machine("POST", path, binding).json["batch_id"] == batch_id
    assert machine("POST", path, binding).json["code"] == "stamps-already-bound"


def test_signals_are_listed_for_both_sides(
    machine: Machine, officer: Machine, business: Business, session: Session
) -> None:
    batch = published(machine, business, session)
    code = machine("GET", batch).json["public_code"]
    shopper = {"User-Agent": "Mozilla/5.0 (Linux; Android 12) Chrome/120 Mobile"}
    assert machine.client.get(f"/q/{code}/518XXEF81855V702", headers=shopper).status_code == 404
    [own] = machine("GET", f"/businesses/{business.id}/stamp-signals").json["items"]
    [seen] = officer("GET", "/stamp-signals").json["items"]
    assert own == seen
    assert (own["verdict"], own["count"]) == ("never_issued", 1)
