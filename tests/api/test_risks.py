"""A machine reads scores with their points, and tries and proposes weights."""

from sqlalchemy.orm import Session

from tests import factories
from tests.client import Client
from trace.domain.permissions import OF_OFFICER
from trace.services import keys, risks


def officers_key(session: Session) -> dict[str, str]:
    officer = factories.make_officer(session)
    _, token = keys.issue_key(session, factories.actor(officer), name="máy", scopes=OF_OFFICER, officer_id=officer.id)
    return {"Authorization": f"Bearer {token}"}


def test_scores_are_read_down_to_the_records(client: Client, session: Session) -> None:
    farm, headers = factories.make_business(session), officers_key(session)
    product = factories.make_product(session, farm)
    session.commit()
    risks.recount_all(session)
    [item] = client.get("/api/v1/risks", headers=headers).json["items"]
    assert (item["business_id"], item["score"]) == (farm.id, 12)
    assert item["points"][0] == {"factor": "commodity", "subject": "vegetables", "count": 1, "points": 6}
    one = client.get(f"/api/v1/businesses/{farm.id}/risk", headers=headers).json
    assert [each["score"] for each in one["scores"]] == [12]
    records = client.get(f"/api/v1/businesses/{farm.id}/risk/commodity?subject=vegetables", headers=headers).json
    assert records["items"] == [{"record": "Product", "id": product.id}]


def test_weights_are_tried_and_proposed(client: Client, session: Session) -> None:
    farm, headers = factories.make_business(session), officers_key(session)
    factories.make_product(session, farm)
    session.commit()
    risks.recount_all(session)
    facts = {
        "weights": [{"name": "commodity:vegetables", "points": 9, "most": 9}],
        "valid_from": "2026-01-02",
        "source": "Kế hoạch",
        "reason": "Mùa mưa",
    }
    preview = client.post("/api/v1/risks/weights/preview", headers=headers, json=facts).json
    assert preview["moves"] == [{"business_id": farm.id, "before": 12, "after": 15}]
    asked = client.post("/api/v1/risks/weights", headers=headers, json=facts).json
    assert asked["status"] == "open"
    shown = client.get(f"/api/v1/approvals/{asked['id']}/proposal", headers=headers).json["risk_weights"]
    assert shown["changes"] == [{"name": "commodity:vegetables", "before": [6, 6], "after": [9, 9]}]
    assert (shown["valid_from"], shown["preview"]) == ("2026-01-02", preview)
    unknown = {**facts, "weights": [{"name": "no-such", "points": 1, "most": 1}]}
    assert client.post("/api/v1/risks/weights", headers=headers, json=unknown).status_code == 422
