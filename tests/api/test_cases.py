"""Cases by machine: packed once however often it is sent, given whole, opened."""

from sqlalchemy.orm import Session

from tests import factories
from tests.api.conftest import Machine
from trace.services import batches
from trace.storage.businesses import Business
from trace.storage.chain import standing_events


def test_a_case_is_packed_given_and_opened(machine: Machine, business: Business, session: Session) -> None:
    batch = factories.make_batch(session, business)
    owner = factories.make_user(session)
    factories.add_member(session, business, owner)
    session.commit()
    batches.publish(session, factories.actor(owner), batch.id, public_url="http://trace.test")
    site_id, batch_id, base = batch.site_id, batch.id, f"/businesses/{business.id}"
    buyer_id = factories.make_business(session, owner=factories.make_user(session)).id
    session.commit()
    amount = {"value": "50", "unit": "KGM"}
    body = {
        "contents": [{"batch_id": batch_id, "amount": amount}],
        "site_id": site_id,
        "at": "2026-03-02T09:30:00+07:00",
    }
    sent = [machine("POST", f"{base}/cases", body, Idempotency_Key="a") for _ in range(2)]
    assert [each.status_code for each in sent] == [201, 201]
    case = sent[0].json
    assert (case, case["status"], case["contents"][0]["amount"]) == (sent[1].json, "closed", amount)
    assert machine("GET", f"{base}/batches/{batch_id}/balance").json["in_cases"] == amount
    assert machine("GET", f"{base}/holdings").json["items"][0]["packed"] == amount
    given = machine("POST", f"{base}/cases/{case['id']}/handovers", {"buyer_id": buyer_id}).json["handovers"]
    assert [(each["case"], each["sent"]) for each in given] == [(case["code"], amount)]
    refused = machine("POST", f"{base}/cases/{case['id']}/unpacking")
    assert (refused.status_code, refused.json["code"]) == (409, "case-not-closed")
    machine("POST", f"{base}/handovers/{given[0]['id']}/withdrawal", {})
    assert machine("POST", f"{base}/cases/{case['id']}/unpacking").json["status"] == "unpacked"
    assert machine("GET", f"{base}/cases").json["items"] == []
    steps = [event.body.get("action") for event in session.scalars(standing_events(batch_id))]
    assert steps == ["ADD", "ADD", "DELETE"]
