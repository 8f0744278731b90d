"""Telling people what happened: on their page at once, and by mail soon after."""

import smtplib
from collections.abc import Callable, Iterable, Mapping
from typing import Any

import structlog
from sqlalchemy import update
from sqlalchemy.orm import Session

from ..domain.permissions import Actor, Permission, require
from ..storage import accounts as accounts_storage
from ..storage.businesses import Business
from ..storage.notices import Notice, unmailed, unread
from .clock import now
from .mail import Mail
from .notice_sentences import SENTENCES
from .wording import say

log = structlog.get_logger()
GIVE_UP_AFTER = 5


def tell_user(
    session: Session,
    user_id: int,
    kind: str,
    values: Mapping[str, Any],
    link: str = "",
    *,
    business_id: int | None = None,
) -> None:
    """Add a notice in the caller's transaction. ``link`` is a path of this site. Raises KeyError for an unknown kind
    or a place that ``values`` leaves empty: better where it is written than where it is mailed."""
    for sentence in SENTENCES[kind]:
        sentence % values
    session.add(
        Notice(
            user_id=user_id,
            business_id=business_id,
            kind=kind,
            values=dict(values),
            link=link,
            created_at=now(),
            mail_attempts=0,
        )
    )


def tell_business(session: Session, business_id: int, kind: str, values: Mapping[str, Any], link: str = "") -> None:
    """Tell everyone who belongs to a business."""
    _tell(session, session.scalars(accounts_storage.member_ids(business_id)), kind, values, link, business_id)


def tell_officers(
    session: Session,
    kind: str,
    values: Mapping[str, Any],
    link: str = "",
    *,
    about: int | None = None,
    besides: int | None = None,
) -> None:
    """Tell the officers of the city; of what is ``about`` a business, those of its commune too."""
    commune_code = session.get_one(Business, about).commune_code if about is not None else None
    officers = session.scalars(accounts_storage.handling_officer_ids(commune_code))
    _tell(session, (each for each in officers if each != besides), kind, values, link, None)


def _tell(
    session: Session, people: Iterable[int], kind: str, values: Mapping[str, Any], link: str, business_id: int | None
) -> None:
    for user_id in list(people):
        tell_user(session, user_id, kind, values, link, business_id=business_id)


def mark_read(session: Session, actor: Actor) -> None:
    """All of the actor's notices count as read."""
    require(actor, Permission.ACCOUNT_MANAGE)
    session.execute(update(Notice).where(unread(actor.user_id)).values(read_at=now()))
    session.commit()


def deliver(session: Session, send: Callable[[Mail], None], public_url: str) -> int:
    """Mail what has not been mailed yet; returns how many were. No lock is held while a mail server is waited for."""
    waiting = [
        (notice.id, _mail(notice, email, locale, public_url))
        for notice, email, locale in session.execute(unmailed(GIVE_UP_AFTER))
    ]
    session.commit()
    sent = 0
    for notice_id, mail in waiting:
        try:
            send(mail)
        except (OSError, smtplib.SMTPException) as error:
            log.warning("mail not delivered", notice=notice_id, error=str(error))
            outcome: dict[str, Any] = {"mail_attempts": Notice.mail_attempts + 1}
        else:
            outcome = {"mailed_at": now()}
            sent += 1
        session.execute(update(Notice).where(Notice.id == notice_id).values(outcome))
        session.commit()
    return sent


def _mail(notice: Notice, email: str, locale: str, public_url: str) -> Mail:
    subject, body = (say(sentence, locale or "vi", **notice.values) for sentence in SENTENCES[notice.kind])
    return Mail(email, subject, f"{body}\n\n{public_url}{notice.link}" if notice.link else body)
