"""Keys by which machines act, and what they can never do."""

from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests import factories
from tests.client import Clock
from trace.domain.errors import InvalidInput, NotAllowed, NotFound
from trace.domain.permissions import OF_OFFICER, Permission, Role, allowed
from trace.services import accounts, keys, officers
from trace.storage.accounts import ApiKey
from trace.storage.notices import Notice

READ = {Permission.BATCHES_READ}


@pytest.fixture
def owner(session: Session) -> Any:
    return factories.make_user(session)


@pytest.fixture
def business(session: Session, owner: Any) -> Any:
    return factories.make_business(session, owner=owner)


def issue(session: Session, user: Any, business: Any, **facts: Any) -> tuple[ApiKey, str]:
    facts = {"name": "máy in", "scopes": READ, "business_id": business.id, **facts}
    return keys.issue_key(session, factories.actor(user), **facts)


def test_a_key_acts_for_its_business_within_its_scopes(session: Session, owner: Any, business: Any) -> None:
    key, token = issue(session, owner, business)
    assert token.startswith(key.hint)
    assert token not in key.token_hash
    actor = keys.authenticate_key(session, token)
    assert actor
    assert allowed(actor, Permission.BATCHES_READ, business.id)
    assert not allowed(actor, Permission.BATCHES_WRITE, business.id)
    assert not allowed(actor, Permission.BATCHES_READ, business.id + 1)
    assert session.scalars(select(Notice.kind)).all() == ["key-issued"]


def test_a_key_outlives_the_person_who_made_it(session: Session, owner: Any, business: Any) -> None:
    _, token = issue(session, owner, business)
    factories.add_member(session, business, factories.make_user(session))
    accounts.revoke_member(session, factories.actor(owner), business.id, owner.id)
    assert keys.authenticate_key(session, token)


def test_a_revoked_or_unknown_key_is_nobody(session: Session, owner: Any, business: Any) -> None:
    key, token = issue(session, owner, business)
    keys.revoke_key(session, factories.actor(owner), key.id, business_id=business.id)
    for wrong in (token, token[:-1], "", "rn_"):
        assert keys.authenticate_key(session, wrong) is None
    with pytest.raises(NotFound):
        keys.revoke_key(session, factories.actor(owner), key.id, business_id=business.id)


def test_nobody_revokes_the_key_of_another_business(session: Session, owner: Any, business: Any) -> None:
    stranger = factories.make_user(session)
    other = factories.make_business(session, owner=stranger)
    key, _ = issue(session, owner, business)
    with pytest.raises(NotFound):
        keys.revoke_key(session, factories.actor(stranger), key.id, business_id=other.id)


@pytest.mark.parametrize(
    ("facts", "field"),
    [
        ({"name": ""}, "name"),
        ({"scopes": set()}, "scopes"),
        ({"scopes": {Permission.APPLICATIONS_DECIDE}}, "scopes"),
    ],
)
def test_a_key_needs_a_name_and_scopes_of_its_kind(
    session: Session, owner: Any, business: Any, facts: dict[str, Any], field: str
) -> None:
    with pytest.raises(InvalidInput) as refused:
        issue(session, owner, business, **facts)
    assert refused.value.field == field


def test_staff_issue_no_keys(session: Session, owner: Any, business: Any) -> None:
    member = factories.make_user(session)
    factories.add_member(session, business, member, Role.STAFF)
    with pytest.raises(NotAllowed):
        issue(session, member, business)


def test_a_machine_hands_out_no_more_than_it_holds(session: Session, owner: Any, business: Any) -> None:
    _, token = issue(session, owner, business, scopes={Permission.API_KEYS_MANAGE})
    machine = keys.authenticate_key(session, token)
    assert machine
    with pytest.raises(NotAllowed):
        keys.issue_key(session, machine, name="thêm", scopes=READ, business_id=business.id)


def test_an_officers_key_ends_with_the_office(session: Session) -> None:
    officer = factories.make_officer(session)
    acting = factories.actor(officer)
    _, token = keys.issue_key(session, acting, name="sở", scopes=OF_OFFICER, officer_id=officer.id)
    actor = keys.authenticate_key(session, token)
    assert actor
    assert allowed(actor, Permission.REGISTER_READ)
    officers.dismiss(session, factories.actor(factories.make_administrator(session)), officer.id)
    assert keys.authenticate_key(session, token) is None


def test_an_officer_makes_no_key_for_another(session: Session) -> None:
    officer, other = factories.make_officer(session), factories.make_officer(session)
    with pytest.raises(NotAllowed):
        keys.issue_key(session, factories.actor(officer), name="sở", scopes=OF_OFFICER, officer_id=other.id)


def test_a_keys_use_is_noted_once_an_hour(session: Session, owner: Any, business: Any, clock: Clock) -> None:
    key, token = issue(session, owner, business)
    seen = []
    for minutes in (0, 30, 31):
        clock.advance(minutes=minutes)
        keys.authenticate_key(session, token)
        session.refresh(key)
        seen.append(key.last_used_at)
    assert seen[0] == seen[1]
    assert seen[2] > seen[1]
