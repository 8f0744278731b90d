"""Letting people and machines into a business, and officers onto the platform, from their pages."""

import re
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests import factories
from tests.client import Client
from trace.domain.permissions import OF_BUSINESS
from trace.services.keys import authenticate_key
from trace.storage.accounts import ApiKey, Membership
from trace.web.workspace.keys import SCOPES

SECRET = re.compile(r'<code id="secret"[^>]*>([^<]+)</code>')


@pytest.fixture
def owner(session: Session) -> Any:
    return factories.make_user(session)


@pytest.fixture
def business(session: Session, owner: Any) -> Any:
    return factories.make_business(session, owner=owner, legal_name="Hợp tác xã Lúa")


def shown_once(client: Client, path: str) -> str:
    """The secret on the page, which a second look does not show again."""
    found = SECRET.search(client.get(path).text)
    assert found
    assert not SECRET.search(client.get(path).text)
    return found[1]


def test_an_owner_invites_by_link_and_mail(
    client: Client, session: Session, owner: Any, business: Any, mailbox: list[Any]
) -> None:
    members = f"/workspace/{business.id}/members"
    guest = factories.make_user(session)
    client.sign_in(owner)
    answer = client.submit(members, {"role": "staff", "email": guest.email})
    assert answer.status_code == 303
    link = shown_once(client, members)
    assert (mailbox[0].to, link in mailbox[0].text) == (guest.email, True)

    path = link.removeprefix("http://trace.test")
    client.delete_cookie("session")
    assert "Hợp tác xã Lúa" in client.get(path).text
    client.sign_in(guest)
    assert "mời bạn làm việc cùng" in client.get("/workspace/").text
    assert client.submit(path).location == f"/workspace/{business.id}"
    assert client.get(path).status_code == 404, "a used link still opens"
    assert session.scalar(select(Membership.role).where(Membership.user_id == guest.id)) == "staff"


def test_a_wrong_address_is_shown_again(client: Client, owner: Any, business: Any) -> None:
    client.sign_in(owner)
    answer = client.submit(f"/workspace/{business.id}/members", {"role": "staff", "email": "không phải thư"})
    assert answer.status_code == 422
    assert 'value="không phải thư"' in answer.text


def test_an_addressed_person_joins_from_their_start_page(
    client: Client, session: Session, owner: Any, business: Any
) -> None:
    guest = factories.make_user(session)
    client.sign_in(owner)
    client.submit(f"/workspace/{business.id}/members", {"role": "owner", "email": guest.email})
    client.sign_in(guest)
    page = client.get("/workspace/").text
    form = re.search(r'action="(/account/invitations/\d+/accept)"', page)
    assert form
    assert client.submit(form[1], form="/workspace/").location == f"/workspace/{business.id}"


def test_the_last_owner_stays(client: Client, owner: Any, business: Any) -> None:
    members = f"/workspace/{business.id}/members"
    client.sign_in(owner)
    client.submit(f"{members}/{owner.id}/remove", form=members)
    assert "chủ cơ sở duy nhất" in client.get(members).text


def test_a_key_is_shown_once_and_can_be_revoked(client: Client, session: Session, owner: Any, business: Any) -> None:
    keys = f"/workspace/{business.id}/keys"
    client.sign_in(owner)
    assert client.submit(keys, {"name": "Máy in", "scopes": []}).status_code == 422
    client.submit(keys, {"name": "Máy in", "scopes": ["business:batches:read", "business:labels:make"]})
    token = shown_once(client, keys)
    assert authenticate_key(session, token)
    session.commit()
    key_id = session.scalar(select(ApiKey.id))
    client.submit(f"{keys}/{key_id}/revoke", form=keys)
    assert authenticate_key(session, token) is None
    assert "Đã thu hồi" in client.get(keys).text


def test_every_permission_of_a_business_has_words() -> None:
    assert set(SCOPES) == OF_BUSINESS


def test_an_administrator_appoints_an_officer(client: Client, session: Session) -> None:
    person = factories.make_user(session)
    client.sign_in(factories.make_administrator(session))
    assert client.get("/workspace/").location == "/authority/officers"
    assert client.submit("/authority/officers", {"email": "nobody@example.com", "role": "city"}).status_code == 422
    assert client.submit("/authority/officers", {"email": person.email, "role": "city"}).status_code == 303
    assert person.email in client.get("/authority/officers").text
    session.expire_all()
    assert factories.actor(person).officer
    client.submit(f"/authority/officers/{person.id}/officer/remove", form="/authority/officers")
    session.expire_all()
    assert not factories.actor(person).officer


def test_a_person_reads_what_they_were_told(client: Client, session: Session, owner: Any, business: Any) -> None:
    client.sign_in(owner)
    client.submit(f"/workspace/{business.id}/keys", {"name": "Máy in", "scopes": ["business:batches:read"]})
    page = client.get("/workspace/notices").text
    assert "vừa tạo khóa API “Máy in” cho Hợp tác xã Lúa" in page
    assert '<span class="count" aria-hidden="true">1</span>' in page
    client.submit("/workspace/notices")
    assert 'class="count"' not in client.get("/workspace/notices").text
