"""A cookie is worth something only after a sign-in, and nothing any more once the account has turned its lock."""

import pytest
from flask import Flask
from flask_security import hash_password
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.client import Client, Clock
from tests.factories import make_user
from trace.services import sessions
from trace.storage.sessions import EndedSession

COOKIES = ("session", "remember_token")
PASSWORD, NEW = "ruong lua vang mua gat", "mua gat vang ruong lua"


@pytest.fixture
def email(app: Flask, session: Session) -> str:
    with app.app_context():
        return str(make_user(session, password=hash_password(PASSWORD)).email)


def cookie_of(client: Client) -> str:
    cookie = client.get_cookie("session")
    assert cookie
    return cookie.value


def is_signed_in(client: Client, cookie: str) -> bool:
    client.set_cookie("session", cookie)
    return client.get("/workspace/account").status_code == 200


def sign_in(client: Client, email: str, password: str = PASSWORD) -> str:
    for name in COOKIES:
        client.delete_cookie(name)
    client.submit("/account/login", {"email": email, "password": password})
    return cookie_of(client)


def test_a_cookie_from_before_the_sign_in_opens_nothing(client: Client, email: str) -> None:
    client.get("/account/login")
    planted = cookie_of(client)
    cookie = sign_in(client, email)
    assert cookie != planted
    assert is_signed_in(client, cookie)
    assert not is_signed_in(client, planted)


def test_a_new_password_ends_every_other_session(client: Client, email: str) -> None:
    stolen, own = sign_in(client, email), sign_in(client, email)
    assert is_signed_in(client, stolen)
    client.set_cookie("session", own)
    facts = {"password": PASSWORD, "new_password": NEW, "new_password_confirm": NEW}
    client.submit("/account/change", facts)
    assert is_signed_in(client, cookie_of(client)), "whoever changed it stays"
    assert not is_signed_in(client, stolen)
    assert not is_signed_in(client, own)


@pytest.mark.parametrize("remember", ["", "y"])
def test_signing_out_ends_the_session_wherever_its_cookies_are(client: Client, email: str, remember: str) -> None:
    client.submit("/account/login", {"email": email, "password": PASSWORD, "remember": remember})
    stolen = {name: cookie.value for name in COOKIES if (cookie := client.get_cookie(name))}
    assert len(stolen) == (2 if remember else 1)
    other = sign_in(client, email)
    for name, value in stolen.items():
        client.set_cookie(name, value)
    client.submit("/account/logout", form="/workspace/account")
    for name, value in stolen.items():
        for cookie in COOKIES:
            client.delete_cookie(cookie)
        client.set_cookie(name, value)
        assert client.get("/workspace/account").status_code == 302, name
    assert is_signed_in(client, other), "another device stays"


def test_a_session_ends_thirty_days_after_its_sign_in(client: Client, email: str, clock: Clock) -> None:
    cookie = sign_in(client, email)
    clock.advance(days=29, hours=23)
    assert is_signed_in(client, cookie)
    clock.advance(hours=2)
    assert not is_signed_in(client, cookie)


def test_what_ended_is_forgotten_when_its_cookies_are_worth_nothing(session: Session, clock: Clock) -> None:
    for token in ("old", "new"):
        sessions.end(session, f"x.0.{token}")
        sessions.end(session, f"x.0.{token}")
        clock.advance(days=20)
    sessions.purge(session)
    assert session.scalars(select(EndedSession.token)).all() == ["new"]


def test_signing_out_everywhere_ends_every_session(client: Client, email: str) -> None:
    stolen, own = sign_in(client, email), sign_in(client, email)
    client.set_cookie("session", own)
    client.submit("/workspace/account/sign-out-everywhere", form="/workspace/account")
    assert not is_signed_in(client, stolen)
    assert not is_signed_in(client, own)
