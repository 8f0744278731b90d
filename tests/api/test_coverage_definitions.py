"""A machine reads the versions of the definition, tries other numbers, and proposes them."""

from sqlalchemy.orm import Session

from tests import factories
from tests.client import Client
from trace.domain.permissions import OF_OFFICER
from trace.services import keys
from trace.services.settling import settle


def test_a_definition_is_tried_and_proposed(client: Client, session: Session) -> None:
    officer = factories.make_officer(session)
    _, token = keys.issue_key(session, factories.actor(officer), name="máy", scopes=OF_OFFICER, officer_id=officer.id)
    headers = {"Authorization": f"Bearer {token}"}
    factories.make_register_entry(session, factories.make_register_list(session))
    session.commit()
    settle(session)
    latest = client.get("/api/v1/coverage/definitions", headers=headers).json["items"][0]
    assert (latest["version"], latest["active_days"]) == (2, 90)
    assert "90 ngày" in " ".join(latest["sentences"])
    facts = {
        "period_months": 6,
        "active_days": 30,
        "since": "2199-01-01",
        "source": "Công văn 5",
        "reason": "Rau ăn lá",
    }
    effect = client.post("/api/v1/coverage/definitions/preview", headers=headers, json=facts).json
    assert effect["stages"][0] == {"name": "listed", "before": 1, "after": 1, "denominator": 1}
    asked = client.post("/api/v1/coverage/definitions", headers=headers, json=facts).json
    proposal = client.get(f"/api/v1/approvals/{asked['id']}/proposal", headers=headers).json["coverage_definition"]
    assert (proposal["before"]["period_months"], proposal["after"]["period_months"]) == (12, 6)
    assert (proposal["since"], proposal["effect"]) == ("2199-01-01", effect)
    nothing = client.post("/api/v1/coverage/definitions", headers=headers, json={**facts, "period_months": 0})
    assert nothing.status_code == 422
