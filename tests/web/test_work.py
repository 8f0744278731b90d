"""The officer finds everything that waits in one place."""

from datetime import date
from typing import Any

import pytest
from sqlalchemy.orm import Session

from tests import factories
from tests.client import Client
from trace.domain.businesses import BusinessStatus

pytestmark = pytest.mark.usefixtures("in_march")


def test_from_the_home_page_to_a_closed_piece_of_work(client: Client, officer: Any, session: Session) -> None:
    farm = factories.make_business(session, legal_name="HTX Rau Sạch")
    paper = factories.make_certificate(session, farm, valid_until=date(2026, 3, 4))
    assert "/authority/work?queue=expiring_7" in client.get("/authority/").text
    path = f"/authority/work-items/renewal/{paper.id}"
    assert path in client.get("/authority/work?queue=expiring_7&whose=unassigned").text
    assert "HTX Rau Sạch" in client.get(path).text
    given = client.submit(path, {"step": "assign", "assignee_id": str(officer.id), "version": "0"})
    assert given.status_code == 303
    assert path in client.get("/authority/work?queue=expiring_7&whose=mine").text
    late = client.submit(path, {"step": "assign", "assignee_id": "", "version": "0"})
    assert (late.status_code, "vừa ghi thêm vào việc này" in late.text) == (422, True)
    assert client.submit(path, {"step": "close", "text": ""}).status_code == 422
    assert client.submit(path, {"step": "close", "text": "Đã nộp hồ sơ cấp lại"}).status_code == 303
    assert path not in client.get("/authority/work?queue=expiring_7").text
    assert "Đã nộp hồ sơ cấp lại" in client.get(path).text


@pytest.mark.parametrize("fields", [{"step": "assign", "assignee_id": "x"}, {"step": "nonsense"}, {}])
def test_nonsense_is_answered_with_a_sentence(
    client: Client, officer: Any, session: Session, fields: dict[str, str]
) -> None:
    applicant = factories.make_business(session, status=BusinessStatus.APPLIED)
    assert client.submit(f"/authority/work-items/application/{applicant.id}", fields).status_code == 422
