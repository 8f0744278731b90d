"""A machine hands in a laboratory's report, an officer's decides."""

from base64 import b64encode

from sqlalchemy.orm import Session

from tests.api.conftest import Machine
from tests.factories import make_batch
from tests.pictures import encoded, halves
from trace.storage.businesses import Business


def test_from_the_report_to_the_decision(
    machine: Machine, officer: Machine, business: Business, session: Session
) -> None:
    batch = make_batch(session, business)
    path = f"/businesses/{business.id}/batches/{batch.id}"
    machine("POST", f"{path}/publication")
    facts = {
        "laboratory": "Trung tâm Phân tích",
        "report": "KN-7",
        "sampled_at": "2026-03-02T09:00:00+07:00",
        "site_id": batch.site_id,
        "passed": False,
        "findings": [{"substance": "Chlorpyrifos", "value": "0,02", "unit": "mg/kg", "limit": "0,01"}],
        "paper": b64encode(encoded(halves())).decode(),
    }
    test = machine("POST", f"{path}/laboratory-tests", facts)
    assert (test.status_code, test.json["status"]) == (201, "submitted")
    assert [each["id"] for each in machine("GET", f"{path}/laboratory-tests").json["items"]] == [test.json["id"]]
    assert machine("GET", path).json["under_review_since"]
    [waiting] = officer("GET", "/laboratory-tests?status=submitted&passed=false").json["items"]
    decision = f"/laboratory-tests/{waiting['id']}/decision"
    assert officer("POST", decision, {"decision": "released"}).json["code"] == "reason-required"
    released = {"decision": "released", "reason": "Mẫu đối chứng đạt"}
    assert machine("POST", decision, released).status_code == 403
    assert officer("POST", decision, released, if_match=test.headers["ETag"]).json["status"] == "released"
    assert machine("GET", path).json["under_review_since"] is None
