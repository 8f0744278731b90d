"""An officer tries another definition, proposes it, and a second one sees what it does before approving."""

from datetime import timedelta
from typing import Any

from sqlalchemy.orm import Session

from tests import factories
from tests.client import Client
from trace.services.clock import today
from trace.services.settling import settle


def test_a_definition_is_tried_proposed_and_approved(client: Client, officer: Any, session: Session) -> None:
    path = "/authority/coverage/definition"
    since = (today() + timedelta(days=1)).isoformat()
    typed = {"period_months": "6", "active_days": "30", "since": since, "version": "2"}
    without = client.submit(path, {**typed, "preview": "yes"})
    assert (without.status_code, "mẫu số bằng 0" in without.text) == (422, True)
    factories.make_register_entry(session, factories.make_register_list(session))
    session.commit()
    settle(session)
    tried = client.submit(path, {**typed, "preview": "yes"})
    assert (tried.status_code, "như cũ" in tried.text) == (200, True)
    refused = client.submit(path, {**typed, "active_days": "0"})
    assert (refused.status_code, "không cơ sở nào là đang hoạt động" in refused.text) == (422, True)
    asked = client.submit(path, {**typed, "source": "Công văn 5", "reason": "Rau ăn lá"})
    assert asked.status_code == 303
    assert "chờ người thứ hai" in client.get(path).text
    client.sign_in(factories.make_officer(session))
    assert "12 → <strong>6</strong>" in client.get(asked.location).text
    assert client.submit(asked.location, {"decision": "approved"}).status_code == 303
    assert "Phiên bản 3" in client.get(path).text
