"""A machine reads scores with their points, and tries and publishes weights."""

from sqlalchemy.orm import Session

from tests import factories
from tests.client import Client
from trace.domain.permissions import OF_OFFICER
from trace.services import keys, risks


def test_scores_are_read_and_weights_published(client: Client, session: Session) -> None:
    farm = factories.make_business(session)
    factories.make_product(session, farm)
    officer = factories.make_officer(session)
    _, token = keys.issue_key(session, factories.actor(officer), name="máy", scopes=OF_OFFICER, officer_id=officer.id)
    risks.recount_all(session)
    headers = {"Authorization": f"Bearer {token}"}
    [item] = client.get("/api/v1/risks", headers=headers).json["items"]
    [point] = item["points"]
    assert (item["business_id"], item["score"]) == (farm.id, 6)
    assert point == {"factor": "commodity", "subject": "vegetables", "count": 1, "points": 6}
    one = client.get(f"/api/v1/businesses/{farm.id}/risk", headers=headers).json
    assert [each["score"] for each in one["scores"]] == [6]
    facts = {
        "weights": [{"name": "commodity:vegetables", "points": 9, "most": 9}],
        "valid_from": "2026-01-02",
        "source": "Kế hoạch",
        "reason": "Mùa mưa",
    }
    preview = client.post("/api/v1/risks/weights/preview", headers=headers, json=facts).json
    assert preview["moves"] == [{"business_id": farm.id, "before": 6, "after": 9}]
    assert client.post("/api/v1/risks/weights", headers=headers, json=facts).json["number"] == 2
    unknown = {**facts, "weights": [{"name": "no-such", "points": 1, "most": 1}]}
    assert client.post("/api/v1/risks/weights", headers=headers, json=unknown).status_code == 422
