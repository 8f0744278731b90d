"""Two people never share an e-mail address, and one's own can change."""

import re
from typing import Any

import pytest
from flask import Flask
from flask_security import hash_password
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from tests.client import Client
from tests.factories import make_user
from trace.storage.accounts import User
from trace.storage.audit import AuditEntry
from trace.web.accounts import datastore

PASSWORD = "ruong lua vang mua gat"
LINK = re.compile(r"http://trace\.test(/account/change-email/\S+)")


@pytest.fixture
def person(app: Flask, session: Session) -> User:
    with app.app_context():
        return make_user(session, email="cu@example.com", password=hash_password(PASSWORD))


def test_an_address_changes_when_its_link_is_opened(
    client: Client, mailbox: list[Any], session: Session, person: User
) -> None:
    client.sign_in(person)
    page = client.submit("/account/change-email", {"email": " Moi@Example.com "})
    assert "đã gửi liên kết xác nhận tới moi@example.com" in page.text
    assert "/account/change-email" in client.get("/workspace/account").text
    [asked] = mailbox
    assert (asked.to, asked.subject) == ("moi@example.com", "Xác nhận địa chỉ e-mail mới")
    assert "dùng được trong 2 giờ" in asked.text
    session.refresh(person)
    assert person.email == "cu@example.com", "not before the link is opened"

    path = LINK.search(asked.text)
    assert path
    assert client.get(path[1]).location == "/workspace/account"
    session.refresh(person)
    assert person.email == "moi@example.com"
    told = mailbox[1]
    assert (told.to, "moi@example.com" in told.text) == ("cu@example.com", True)
    assert session.scalars(select(AuditEntry.action)).all() == ["accounts:change-email"]
    client.get(path[1])
    assert len(mailbox) == 2, "a link works once"


def test_an_address_that_is_taken_is_not_given_and_not_betrayed(
    client: Client, mailbox: list[Any], session: Session, person: User
) -> None:
    other = make_user(session)
    client.sign_in(person)
    assert "đã gửi liên kết xác nhận" in client.submit("/account/change-email", {"email": other.email}).text
    assert mailbox == []


def test_an_address_that_was_taken_meanwhile_stays_with_whoever_took_it(
    client: Client, mailbox: list[Any], session: Session, person: User
) -> None:
    client.sign_in(person)
    client.submit("/account/change-email", {"email": "moi@example.com"})
    make_user(session, email="moi@example.com")
    path = LINK.search(mailbox[0].text)
    assert path
    client.get(path[1])
    session.refresh(person)
    assert person.email == "cu@example.com"


def test_who_loses_a_race_for_an_address_is_told_to_try_again(
    client: Client, mailbox: list[Any], session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_user(session, email="lua@example.com")
    monkeypatch.setattr(datastore, "find_user", lambda **_: None)  # as the second saw it before the first wrote
    answer = client.submit("/account/register", {"name": "Lúa", "email": "lua@example.com", "password": PASSWORD})
    assert answer.status_code == 409
    assert "thử lại" in answer.text
    assert mailbox == []
    assert session.scalar(select(func.count()).select_from(User)) == 1


@pytest.mark.timeout(60)
@pytest.mark.parametrize("path", ["/account/login", "/account/register", "/account/reset", "/account/confirm"])
def test_an_endless_address_is_refused_without_being_read(client: Client, path: str) -> None:
    """The library that reads addresses takes minutes for this one."""
    answer = client.submit(path, {"email": "a" * 1_500_000, "name": "Lúa", "password": PASSWORD})
    assert answer.status_code == 200
