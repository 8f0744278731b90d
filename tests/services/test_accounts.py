"""Who belongs to a business, who is an officer, and what they are told."""

import dataclasses
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests import factories
from tests.client import Clock
from trace.domain.errors import Conflict, NotAllowed
from trace.domain.permissions import SYSTEM, Role
from trace.services import accounts, notices, officers
from trace.services.accounts import InvitationGone, LastOwner
from trace.services.jobs import Jobs
from trace.services.mail import Mail, as_html, compose
from trace.services.wording import say
from trace.settings import Settings
from trace.storage.accounts import Invitation, Membership
from trace.storage.audit import AuditEntry
from trace.storage.notices import Notice


@pytest.fixture
def owner(session: Session) -> Any:
    return factories.make_user(session, name="Chủ")


@pytest.fixture
def business(session: Session, owner: Any) -> Any:
    return factories.make_business(session, owner=owner, legal_name="Hợp tác xã Lúa")


@pytest.fixture
def guest(session: Session) -> Any:
    return factories.make_user(session, name="Khách")


def invite(session: Session, owner: Any, business: Any, **facts: Any) -> tuple[Invitation, str]:
    return accounts.invite(session, factories.actor(owner), business.id, **{"role": Role.STAFF, **facts})


def test_a_link_lets_one_person_in_once(session: Session, owner: Any, business: Any, guest: Any) -> None:
    invitation, token = invite(session, owner, business)
    assert token not in invitation.token_hash
    joined = accounts.accept_invitation(session, factories.actor(guest), token)
    assert (joined.business_id, joined.role) == (business.id, Role.STAFF)
    with pytest.raises(InvitationGone):
        accounts.accept_invitation(session, factories.actor(factories.make_user(session)), token)
    [told] = session.scalars(select(Notice).where(Notice.user_id == owner.id))
    assert told.values == {"business": "Hợp tác xã Lúa", "person": "Khách"}
    actions = session.scalars(select(AuditEntry.action).order_by(AuditEntry.id)).all()
    assert actions == ["members:invite", "members:join"]


def test_a_link_lapses_after_a_week(session: Session, owner: Any, business: Any, guest: Any, clock: Clock) -> None:
    _, token = invite(session, owner, business)
    clock.advance(days=7, seconds=1)
    with pytest.raises(InvitationGone):
        accounts.accept_invitation(session, factories.actor(guest), token)


def test_a_revoked_link_opens_nothing(session: Session, owner: Any, business: Any, guest: Any) -> None:
    invitation, token = invite(session, owner, business)
    accounts.revoke_invitation(session, factories.actor(owner), business.id, invitation.id)
    with pytest.raises(InvitationGone):
        accounts.accept_invitation(session, factories.actor(guest), token)


def test_an_invitation_to_an_address_needs_no_link(session: Session, owner: Any, business: Any, guest: Any) -> None:
    invitation, _ = invite(session, owner, business, email=guest.email.upper())
    with pytest.raises(InvitationGone):
        accounts.accept_addressed(session, factories.actor(factories.make_user(session)), invitation.id)
    assert accounts.accept_addressed(session, factories.actor(guest), invitation.id).business_id == business.id


def test_a_member_does_not_join_twice(session: Session, owner: Any, business: Any) -> None:
    _, token = invite(session, owner, business)
    with pytest.raises(Conflict):
        accounts.accept_invitation(session, factories.actor(owner), token)


def test_staff_invite_nobody(session: Session, business: Any, guest: Any) -> None:
    factories.add_member(session, business, guest, Role.STAFF)
    with pytest.raises(NotAllowed):
        invite(session, guest, business)


def test_a_business_keeps_an_owner(session: Session, owner: Any, business: Any, guest: Any) -> None:
    factories.add_member(session, business, guest, Role.STAFF)
    session.commit()
    with pytest.raises(LastOwner):
        accounts.revoke_member(session, factories.actor(owner), business.id, owner.id)
    session.rollback()
    accounts.revoke_member(session, factories.actor(owner), business.id, guest.id)
    assert session.scalars(select(Membership.user_id)).all() == [owner.id]
    assert session.scalars(select(Notice.kind)).all() == ["member-removed"]


def test_a_notice_with_an_empty_place_is_never_written(session: Session, guest: Any) -> None:
    with pytest.raises(KeyError):
        notices.tell_user(session, guest.id, "business-approve", {})
    with pytest.raises(KeyError):
        notices.tell_user(session, guest.id, "no-such-kind", {})


def test_notices_are_mailed_once_in_the_readers_language(session: Session, business: Any, owner: Any) -> None:
    notices.tell_business(session, business.id, "business-approve", {"business": "Lúa"}, f"/workspace/{business.id}")
    notices.tell_officers(session, "business-applied", {"business": "Lúa"})  # there are none
    session.commit()
    mails: list[Mail] = []
    assert notices.deliver(session, mails.append, "https://trace.test") == 1
    assert notices.deliver(session, mails.append, "https://trace.test") == 0
    [mail] = mails
    assert (mail.to, mail.subject) == (owner.email, "Lúa đã được duyệt")
    assert mail.text.endswith(f"https://trace.test/workspace/{business.id}")


def test_a_mail_server_that_is_down_is_tried_again_then_given_up(session: Session, guest: Any) -> None:
    notices.tell_user(session, guest.id, "business-approve", {"business": "Lúa"})
    session.commit()
    tries: list[Mail] = []

    def fail(mail: Mail) -> None:
        tries.append(mail)
        raise ConnectionRefusedError

    for _ in range(notices.GIVE_UP_AFTER + 2):
        notices.deliver(session, fail, "https://trace.test")
    assert len(tries) == notices.GIVE_UP_AFTER


def test_the_minutely_job_mails_notices(session: Session, settings: Settings, mailbox: list[Any], guest: Any) -> None:
    notices.tell_user(session, guest.id, "business-approve", {"business": "Lúa"})
    session.commit()
    engine: Any = session.get_bind()
    Jobs(settings, engine).deliver_notices()
    assert [mail.to for mail in mailbox] == [guest.email]


def test_the_daily_job_announces_what_lapses(
    session: Session, settings: Settings, owner: Any, business: Any, clock: Clock
) -> None:
    clock.set(factories.NOW)
    factories.make_certificate(session, business, valid_until=factories.NOW.date() + timedelta(days=10))
    session.commit()
    engine: Any = session.get_bind()
    Jobs(settings, engine).begin_day()
    assert session.scalars(select(Notice.kind)).all() == ["certificate-lapsing"]


def test_reading_notices_counts_only_ones_own(session: Session, guest: Any, owner: Any) -> None:
    for user in (guest, owner):
        notices.tell_user(session, user.id, "business-approve", {"business": "Lúa"})
    notices.mark_read(session, factories.actor(guest))
    assert session.scalars(select(Notice.user_id).where(Notice.read_at.is_(None))).all() == [owner.id]


def test_a_mail_is_plain_text_and_the_same_in_html(settings: Settings) -> None:
    mail = Mail("lua@example.com", "Chào\r\nBcc: x@example.com", "Xem <đây>:\nhttps://trace.test/a?b=1&c=2\n\nCảm ơn")
    message = compose(dataclasses.replace(settings, mail_from="trace@example.com"), mail)
    assert message["Subject"] == "Chào Bcc: x@example.com"
    assert message["Bcc"] is None
    assert [part.get_content_type() for part in message.iter_parts()] == ["text/plain", "text/html"]
    assert as_html(mail.text, "https://trace.test").count("<p>") == 3
    assert '<a href="https://trace.test/a?b=1&amp;c=2">' in as_html(mail.text, "https://trace.test")
    assert "&lt;đây&gt;" in as_html(mail.text, "https://trace.test")


@pytest.mark.parametrize(
    "address", ["https://evil.example/login", "https://trace.test.evil.example/", "http://trace.test/"]
)
def test_what_others_wrote_is_no_link_in_a_mail(address: str) -> None:
    assert "<a" not in as_html(f"{address} vừa nộp hồ sơ.", "https://trace.test")


def test_a_sentence_without_a_translation_stays_vietnamese() -> None:
    assert say("Câu chưa ai dịch: %(a)s", "en", a="1") == "Câu chưa ai dịch: 1"


def test_system_acts_without_an_account(session: Session, guest: Any) -> None:
    officers.appoint_administrator(session, SYSTEM, guest.email)
    assert factories.actor(guest).administrator


def test_sessions_end_when_asked(session: Session, guest: Any) -> None:
    before = guest.fs_uniquifier
    accounts.sign_out_everywhere(session, factories.actor(guest))
    assert guest.fs_uniquifier != before


def test_an_invitation_says_until_when(session: Session, owner: Any, business: Any) -> None:
    invitation, _ = invite(session, owner, business)
    assert invitation.expires_at - invitation.created_at >= timedelta(days=7)
