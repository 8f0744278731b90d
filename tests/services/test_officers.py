"""Who is an officer, of what area, and what that lets them do."""

from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests import factories
from trace.domain.errors import Conflict, InvalidInput, NotAllowed, NotFound
from trace.domain.permissions import OF_OFFICE, OFFICES, Actor, Office, OfficeRole, Permission, allowed, require
from trace.services import keys, officers
from trace.storage.accounts import User
from trace.storage.notices import Notice

HOAN_KIEM = "00070"


@pytest.fixture
def chief(session: Session) -> Actor:
    return factories.actor(factories.make_administrator(session, name="Quản trị"))


@pytest.fixture
def guest(session: Session) -> User:
    return factories.make_user(session)


def test_an_administrator_appoints_and_dismisses_officers(session: Session, chief: Actor, guest: User) -> None:
    officers.appoint(session, chief, guest.email, OfficeRole.CITY)
    assert factories.actor(guest).officer
    with pytest.raises(Conflict):
        officers.appoint(session, chief, guest.email, OfficeRole.CITY)
    session.rollback()
    officers.dismiss(session, chief, guest.id)
    assert not factories.actor(guest).officer
    assert session.scalars(select(Notice.kind).order_by(Notice.id)).all() == ["officer-appointed", "officer-removed"]


def test_nobody_appoints_a_stranger_or_dismisses_themselves(session: Session, chief: Actor) -> None:
    for email, role, commune, field in (
        ("nobody@example.com", OfficeRole.CITY, "", "email"),
        (chief_email(session, chief), OfficeRole.COMMUNE, "", "commune"),
    ):
        with pytest.raises(InvalidInput) as refused:
            officers.appoint(session, chief, email, role, commune)
        assert refused.value.field == field
    with pytest.raises(Conflict):
        officers.dismiss_administrator(session, chief, chief.user_id or 0)
    with pytest.raises(NotFound):
        officers.dismiss(session, chief, 999)
    with pytest.raises(NotAllowed):
        officers.appoint(
            session, Actor(user_id=1, name="cán bộ", office=Office(role=OfficeRole.CITY)), "a@b.vn", OfficeRole.DATA
        )


def chief_email(session: Session, chief: Actor) -> str:
    return session.get_one(User, chief.user_id).email


def test_an_officer_of_a_commune_knows_the_businesses_of_that_commune_only(
    session: Session, chief: Actor, guest: User
) -> None:
    near = factories.make_business(session, commune_code=HOAN_KIEM)
    far = factories.make_business(session, commune_code="00004")
    officers.appoint(session, chief, guest.email, OfficeRole.COMMUNE, "phường Hoàn Kiếm")
    officer = factories.actor(guest)
    assert officer.office == Office(role=OfficeRole.COMMUNE, commune_code=HOAN_KIEM, business_ids=frozenset({near.id}))
    assert allowed(officer, Permission.CERTIFICATES_VERIFY, near.id)
    with pytest.raises(NotFound):
        require(officer, Permission.CERTIFICATES_VERIFY, far.id)
    with pytest.raises(NotAllowed):
        require(officer, Permission.REGISTER_IMPORT)


def test_an_auditor_reads_what_the_city_reads_and_changes_nothing() -> None:
    reading = {each for each in OF_OFFICE[OfficeRole.CITY] if each.endswith((":read", ":oversee"))}
    assert OF_OFFICE[OfficeRole.AUDITOR] == reading - {Permission.HANDOVERS_OVERSEE}
    assert OF_OFFICE[OfficeRole.CITY] == set(OFFICES)


def test_a_key_acts_with_the_office_as_it_is_now(session: Session, chief: Actor, guest: Any) -> None:
    officers.appoint(session, chief, guest.email, OfficeRole.CITY)
    _, token = keys.issue_key(
        session, factories.actor(guest), name="máy", scopes=OF_OFFICE[OfficeRole.CITY], officer_id=guest.id
    )
    officers.appoint(session, chief, guest.email, OfficeRole.AUDITOR)
    acting = keys.authenticate_key(session, token)
    assert acting
    assert allowed(acting, Permission.REGISTER_READ)
    assert not allowed(acting, Permission.CERTIFICATES_VERIFY)
    with pytest.raises(InvalidInput):
        keys.issue_key(
            session,
            factories.actor(guest),
            name="máy",
            scopes={Permission.CERTIFICATES_VERIFY},
            officer_id=guest.id,
        )
