"""The page of a business's webhooks."""

import pytest
from sqlalchemy.orm import Session

from tests.client import Client
from tests.world import make_world
from trace.services import webhook_transport


def test_an_address_is_given_tried_and_removed(
    client: Client, session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    world = make_world(session)
    client.sign_in(world.owner)
    page = f"/workspace/{world.business_id}/webhooks"
    monkeypatch.setattr(webhook_transport, "resolve", lambda *_: ["10.0.0.1"])
    private = client.submit(page, {"url": "https://kho.example.vn/b"})
    assert (private.status_code, "mạng nội bộ" in private.text) == (422, True)
    monkeypatch.setattr(webhook_transport, "resolve", lambda *_: ["203.113.131.1"])
    assert client.submit(page, {"url": "https://kho.example.vn/b"}).status_code == 303
    shown = client.get(page).text
    assert "tb_" in shown
    assert "https://kho.example.vn/b" in shown
    assert "tb_" not in client.get(page).text
    assert client.submit(f"{page}/{world.values['webhook_id']}/test", form=page).status_code == 303
    waiting = client.get(page).text
    assert "Tin thử" in waiting
    assert "Đang chờ" in waiting
    assert client.submit(f"{page}/{world.values['webhook_id']}/removal", form=page).status_code == 303
    removed = client.get(page).text
    assert removed.count("Gửi thử") == 1
    assert "Không gửi được" in removed
