"""A machine plans a visit, hands in its minutes, and follows its findings."""

from typing import Any

import pytest
from sqlalchemy.orm import Session

from tests import factories
from tests.api.conftest import Machine
from trace.services.clock import today


@pytest.fixture
def visit(officer: Machine, session: Session) -> dict[str, Any]:
    business = factories.make_business(session, owner=factories.make_user(session))
    facts = {"business_id": business.id, "kind": "periodic", "planned_on": today().isoformat(), "reason": "Kế hoạch"}
    planned: dict[str, Any] = officer("POST", "/inspections", json=facts).get_json()
    return planned


def test_from_plan_to_closed_finding(officer: Machine, session: Session, visit: dict[str, Any]) -> None:
    points = officer("GET", "/inspections/checklist?kind=cooperative").get_json()["points"]
    checked = [{"code": each["code"], "result": "passed"} for each in points]
    checked[0] |= {"result": "major", "note": "Giấy hết hạn", "deadline": today().isoformat()}
    said = {
        "held_on": today().isoformat(),
        "began": "08:00",
        "ended": "09:00",
        "officer": "An",
        "representative": "Sen",
        "conclusion": "Gia hạn giấy",
        "points": checked,
        "client_key": "máy-1",
    }
    path = f"/inspections/{visit['id']}/minutes"
    minutes = officer("POST", path, json=said)
    assert minutes.status_code == 201
    assert officer("POST", path, json=said).get_json()["id"] == minutes.get_json()["id"]
    assert officer("GET", f"/files/{minutes.get_json()['sha256']}.pdf").get_data().startswith(b"%PDF")
    [finding] = officer("GET", "/inspection-findings").get_json()["items"]
    closed = officer("POST", f"/inspection-findings/{finding['id']}/closure", json={"conclusion": "Đã gia hạn"})
    assert closed.get_json()["status"] == "closed"


def test_a_visit_without_its_points_is_refused_by_name(officer: Machine, visit: dict[str, Any]) -> None:
    said = {
        "held_on": today().isoformat(),
        "began": "8h",
        "ended": "09:00",
        "officer": "An",
        "representative": "Sen",
        "conclusion": "x",
        "points": [],
    }
    refused = officer("POST", f"/inspections/{visit['id']}/minutes", json=said)
    assert refused.status_code == 422
    assert "began" in refused.text
