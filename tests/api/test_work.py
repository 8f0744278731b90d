"""A machine reads the queues and does what waits."""

from datetime import date, timedelta

from sqlalchemy.orm import Session

from tests import factories
from tests.client import Client
from trace.domain.permissions import OF_OFFICER
from trace.services import keys
from trace.services.clock import today


def test_a_queue_is_read_and_a_piece_of_work_closed(client: Client, session: Session) -> None:
    last: date = today() + timedelta(days=3)
    paper = factories.make_certificate(session, factories.make_business(session), valid_until=last)
    officer = factories.make_officer(session)
    _, token = keys.issue_key(session, factories.actor(officer), name="máy", scopes=OF_OFFICER, officer_id=officer.id)
    headers = {"Authorization": f"Bearer {token}"}
    lengths = {each["queue"]: each for each in client.get("/api/v1/work-items/queues", headers=headers).json["items"]}
    assert lengths["expiring_7"] == {"queue": "expiring_7", "work": "renewal", "waiting": 1, "overdue": 0}
    queue = "/api/v1/work-items?queue=expiring_7"
    assert client.get(queue, headers=headers).json["items"] == [{"subject_id": paper.id, "assignee_id": None}]
    path = f"/api/v1/work-items/renewal/{paper.id}"
    assert client.get(path, headers=headers).json["version"] == 0
    given = client.post(f"{path}/assignment", headers=headers, json={"assignee_id": officer.id, "version": 0})
    assert given.json["assignee_id"] == officer.id
    again = client.post(f"{path}/assignment", headers=headers, json={"assignee_id": None, "version": 0})
    assert (again.status_code, again.json["code"]) == (409, "work-changed")
    assert client.post(f"{path}/comments", headers=headers, json={"text": "Đã gọi"}).status_code == 201
    assert client.post(f"{path}/closing", headers=headers, json={"reason": "Đã nộp"}).status_code == 200
    assert client.get(queue, headers=headers).json["items"] == []
    assert client.post(f"{path}/reopening", headers=headers, json={"reason": "Chưa nộp"}).status_code == 200
