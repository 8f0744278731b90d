"""Machines read what is recalled, lead and answer recalls, and rehearse them."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from tests import factories
from tests.api.conftest import Machine
from tests.world import make_world
from trace.services import batches
from trace.storage.accounts import Membership, User
from trace.storage.batches import Batch
from trace.storage.businesses import Business
from trace.storage.recalls import Recall


def test_anyone_reads_the_notices(anyone: Machine, session: Session) -> None:
    world = make_world(session)
    number = session.get_one(Recall, world.values["recall_id"]).number
    listed = anyone("GET", "/recalls?status=open").json["items"]
    assert [one["number"] for one in listed] == [number]
    assert anyone("GET", "/recalls?status=closed").json["items"] == []
    shown = anyone("GET", f"/recalls/{number}")
    assert (shown.status_code, shown.json) == (200, listed[0])
    assert (shown.json["recall_class"], shown.json["batch_count"]) == ("serious", 1)
    assert anyone("GET", "/recalls/TH-2026-9999").status_code == 404
    assert anyone("GET", "/recalls?status=proposed").status_code == 422


def test_from_proposal_to_conclusion(machine: Machine, business: Business, session: Session) -> None:
    batch = _published(session, business)
    here = f"/businesses/{business.id}/recalls"
    proposal = {
        "recall_class": "serious",
        "reason": "Dư lượng thuốc",
        "phone": "0912345678",
        "scope": {"kind": "batches", "codes": [batch.public_code]},
    }
    proposed = machine("POST", here, proposal)
    assert (proposed.status_code, proposed.json["status"], proposed.json["number"]) == (201, "proposed", None)
    case = f"{here}/{proposed.json['id']}"
    shown = machine("GET", case).json
    assert (shown["reach"]["batches"], shown["reach"]["held"]) == (1, [{"value": "120", "unit": "KGM"}])
    assert machine("POST", f"{case}/confirmation", {"word": "ừ", "seen": 1}).json["code"] == "recall-not-confirmed"
    confirmed = machine("POST", f"{case}/confirmation", {"word": "recall", "seen": 1})
    assert (confirmed.status_code, confirmed.json["status"]) == (200, "open")
    assert machine("POST", f"{case}/reminder").json == {"silent": 1}
    assert machine("POST", f"{case}/conclusion", {"conclusion": "Xong"}).json["code"] == "holders-silent"
    [item] = machine("GET", case).json["items"]
    assert (item["amount"], item["located"]) == ({"value": "120", "unit": "KGM"}, None)
    found = {"item_id": item["id"], "located": {"value": "100", "unit": "KGM"}, "disposal": "destruction"}
    answered = machine("POST", f"{case}/answer", {"found": [found], "note": "Kho 2"})
    assert answered.status_code == 200, answered.text
    assert (answered.json["silent"], answered.json["items"][0]["disposal"]) == (0, "destruction")
    assert answered.json["progress"][0]["located"] == {"value": "100", "unit": "KGM"}
    assert machine("GET", f"{case}/holders").json["items"][0]["note"] == "Kho 2"
    closed = machine("POST", f"{case}/conclusion", {"conclusion": "Đã tiêu hủy"})
    assert (closed.json["status"], closed.json["conclusion"]) == ("closed", "Đã tiêu hủy")
    assert [one["id"] for one in machine("GET", here).json["items"]] == [proposed.json["id"]]


def test_an_officer_orders_and_drops(
    officer: Machine, second_officer: Machine, business: Business, session: Session
) -> None:
    batch = _published(session, business)
    proposal = {
        "recall_class": "minor",
        "reason": "Sai nhãn",
        "phone": "0912345678",
        "scope": {
            "kind": "site_and_period",
            "site_id": batch.site_id,
            "since": batch.production_date.isoformat(),
            "until": batch.production_date.isoformat(),
        },
    }
    first, second = (officer("POST", "/recall-cases", proposal).json["id"] for _ in range(2))
    assert officer("POST", f"/recall-cases/{second}/dismissal").json["status"] == "dismissed"
    ordered = officer("POST", f"/recall-cases/{first}/confirmation", {"word": "thu hồi", "seen": 1})
    assert (ordered.json["kind"], ordered.json["status"]) == ("compulsory", "ordered")
    [asked] = officer("GET", "/approvals?is_open=true").json["items"]
    decision = f"/approvals/{asked['id']}/decision"
    assert officer("POST", decision, {"decision": "approved"}).json["code"] == "needs-another-person"
    assert second_officer("POST", decision, {"decision": "approved"}).json["status"] == "approved"
    assert officer("POST", f"/recall-cases/{first}/reminder").json == {"silent": 1}
    [holder] = officer("GET", f"/recall-cases/{first}/holders").json["items"]
    assert holder["business_id"] == business.id
    call = {"holder_id": holder["id"], "note": "Còn 5 kg"}
    assert officer("POST", f"/recall-cases/{first}/calls", call).status_code == 404  # it is enrolled
    closed = officer("POST", f"/recall-cases/{first}/conclusion", {"conclusion": "Đã dán lại nhãn"})
    assert closed.json["status"] == "closed"
    assert len(officer("GET", "/recall-cases").json["items"]) == 2


def test_others_neither_see_nor_answer(machine: Machine, business: Business, session: Session) -> None:
    recall = make_world(session).values["recall_id"]
    here = f"/businesses/{business.id}/recalls/{recall}"
    assert machine("GET", here).status_code == 404
    assert machine("POST", f"{here}/answer", {}).status_code == 404
    assert machine("GET", f"/recall-cases/{recall}").status_code == 403


def test_a_drill_by_machine(machine: Machine, officer: Machine, business: Business, session: Session) -> None:
    here = f"/businesses/{business.id}/recall-drills"
    assert machine("POST", here, {}).json["code"] == "nothing-to-rehearse"
    batch = _published(session, business)
    made = machine("POST", here, {"code": batch.public_code})
    assert (made.status_code, made.json["drill"]["batches"], made.json["unheld_count"]) == (201, 1, 0)
    assert made.json["amounts"][0]["held"] == {"value": "120", "unit": "KGM"}
    drill = made.json["drill"]["id"]
    assert machine("GET", f"{here}/{drill}").json == made.json
    assert machine("GET", here).json["items"] == [made.json["drill"]]
    assert officer("POST", "/recall-drills", {}).status_code == 201
    assert len(officer("GET", "/recall-drills").json["items"]) == 2
    assert officer("GET", f"/recall-drills/{drill}").json == made.json


def _published(session: Session, business: Business) -> Batch:
    draft = factories.make_batch(session, business)
    owner = session.scalars(select(User).join(Membership).where(Membership.business_id == business.id)).one()
    session.commit()
    return batches.publish(session, factories.actor(owner), draft.id, public_url="http://trace.test")
