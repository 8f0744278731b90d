"""Getting to know another business of the directory: asked, answered, ended; and whom a business does not hear from."""

from datetime import timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from ..domain.connections import (
    OPEN,
    AlreadyConnected,
    ConnectionNotTaken,
    ConnectionStatus,
    ConnectionStep,
    Measures,
    NoContactChosen,
    TooManyRequests,
    after,
)
from ..domain.directory import LONGEST_TEXT, Contact
from ..domain.errors import N_, InvalidInput, NotFound
from ..domain.measures import in_force
from ..domain.permissions import Actor, Permission, require
from ..domain.text import clean, clean_lines
from ..storage.businesses import Business
from ..storage.connections import (
    MEASURES,
    Connection,
    ConnectionBlock,
    declined_since,
    open_between,
    pair_of,
    requests_since,
)
from ..storage.directory import listing_of
from . import audit, notices
from .changes import Faults, load_for_change
from .clock import now, today
from .directory import check_reader, contact_of, entry_of


def ask(session: Session, actor: Actor, business_id: int, asked_id: int, *, wanted: str, message: str) -> Connection:
    """Ask a business of the directory. Raises NotFound for one that is not in it, InvalidFields, NoContactChosen,
    AlreadyConnected, TooManyRequests or ConnectionNotTaken."""
    require(actor, Permission.CONNECTIONS_WRITE, business_id)
    check_reader(session, actor, business_id)
    asked = entry_of(session, asked_id).business
    wanted, message = _checked(wanted, message)
    both = select(Business.id).where(Business.id.in_([business_id, asked_id])).order_by(Business.id)
    session.execute(both.with_for_update())
    _check_contact(session, business_id)
    _check_welcome(session, business_id, asked_id)
    at = now()
    connection = Connection(
        asker_id=business_id,
        asked_id=asked_id,
        pair=pair_of(business_id, asked_id),
        status=ConnectionStatus.ASKED,
        wanted=wanted,
        message=message,
        asked_at=at,
    )
    session.add(connection)
    audit.record(session, actor, "connections:ask", connection, business_id=business_id, changes={"asked": asked.id})
    _tell(session, connection, asked_id, "connection-asked")
    session.commit()
    return connection


def move(
    session: Session,
    actor: Actor,
    business_id: int,
    connection_id: int,
    step: ConnectionStep,
    *,
    reason: str = "",
    version: int | None = None,
) -> Connection:
    """Answer, withdraw or end it, as one of the two. Raises NotFound for anybody else, ConnectionStepNotPossible,
    Conflict, or NoContactChosen where one accepts without saying how to be reached."""
    require(actor, Permission.CONNECTIONS_WRITE, business_id)
    connection_of(session, business_id, connection_id)
    connection = load_for_change(session, Connection, connection_id, version)
    if step is ConnectionStep.ACCEPT:
        check_reader(session, actor, business_id)
        _check_contact(session, business_id)
    _move(session, actor, connection, business_id, step, reason)
    session.commit()
    return connection


def set_blocked(session: Session, actor: Actor, business_id: int, other_id: int, *, blocked: bool) -> None:
    """Hear nothing more from a business, or hear from it again. What is open between the two is declined, withdrawn or
    ended with it; the other side is told of that, not of the block."""
    require(actor, Permission.CONNECTIONS_WRITE, business_id)
    other = session.get(Business, other_id)
    if other is None or other_id == business_id:
        raise NotFound
    load_for_change(session, Business, business_id)
    standing = session.get(ConnectionBlock, (business_id, other_id))
    if blocked is (standing is not None):
        return
    if standing is None:
        session.add(ConnectionBlock(business_id=business_id, blocked_id=other_id, at=now()))
        if connection := session.scalars(open_between(business_id, other_id).with_for_update()).one_or_none():
            waiting, asked_here = connection.status is ConnectionStatus.ASKED, connection.asked_id == business_id
            answer = ConnectionStep.DECLINE if asked_here else ConnectionStep.WITHDRAW
            _move(session, actor, connection, business_id, answer if waiting else ConnectionStep.END, "")
    else:
        session.delete(standing)
    verb = "connections:block" if blocked else "connections:unblock"
    audit.record(session, actor, verb, "connection_blocks", business_id=business_id, changes={"business": other_id})
    session.commit()


def is_blocked(session: Session, business_id: int, other_id: int) -> bool:
    return session.get(ConnectionBlock, (business_id, other_id)) is not None


def connection_of(session: Session, business_id: int, connection_id: int) -> Connection:
    """Raises NotFound for one that this business is no side of."""
    found = session.get(Connection, connection_id)
    if found is None or business_id not in (found.asker_id, found.asked_id):
        raise NotFound
    return found


def contact_for(session: Session, business_id: int, connection: Connection) -> Contact | None:
    """How the other side is reached; None unless the connection stands accepted."""
    if connection.status is not ConnectionStatus.ACCEPTED:
        return None
    return contact_of(session.scalars(listing_of(connection.other(business_id).id)).one_or_none())


def _checked(wanted: str, message: str) -> tuple[str, str]:
    faults = Faults()
    wanted, message = clean(wanted, field="wanted"), clean_lines(message, field="message")
    if not wanted:
        faults.add(N_("Hãy viết bạn cần gì, ví dụ “50 kg cải ngọt mỗi ngày”."), field="wanted")
    for name, text in (("wanted", wanted), ("message", message)):
        if len(text) > LONGEST_TEXT:
            faults.add(N_("Nội dung này quá dài (tối đa %(limit)s ký tự)."), field=name, limit=LONGEST_TEXT)
    faults.raise_any()
    return wanted, message


def _check_contact(session: Session, business_id: int) -> None:
    if not contact_of(session.scalars(listing_of(business_id)).one_or_none()).is_enough:
        raise NoContactChosen


def _check_welcome(session: Session, business_id: int, asked_id: int) -> None:
    if business_id == asked_id:
        raise InvalidInput(N_("Đây là cơ sở của chính bạn."))
    if session.scalars(open_between(business_id, asked_id)).first():
        raise AlreadyConnected
    measures = in_force(Measures, MEASURES, today())
    since = now() - timedelta(days=measures.wait_days)
    refused = session.scalars(declined_since(business_id, asked_id, since).limit(1)).first()
    if refused or any(is_blocked(session, *pair) for pair in ((asked_id, business_id), (business_id, asked_id))):
        raise ConnectionNotTaken
    if session.scalars(requests_since(business_id, now() - timedelta(days=1))).one() >= measures.requests_a_day:
        raise TooManyRequests(limit=measures.requests_a_day)


def _move(
    session: Session, actor: Actor, connection: Connection, business_id: int, step: ConnectionStep, reason: str
) -> None:
    connection.status = after(connection.status, step, is_asker=connection.asker_id == business_id)
    if connection.status not in OPEN:
        connection.pair = None
    if step is ConnectionStep.END:
        connection.ended_at = now()
    else:
        connection.answered_at = now()
    if step is ConnectionStep.DECLINE:
        connection.reason = clean_lines(reason, field="reason")[:LONGEST_TEXT]
    changes = {"status": connection.status.value}
    audit.record(session, actor, f"connections:{step.value}", connection, business_id=business_id, changes=changes)
    _tell(session, connection, connection.other(business_id).id, f"connection-{step.value}")


def _tell(session: Session, connection: Connection, business_id: int, kind: str) -> None:
    """One side of what the other did."""
    values = {"business": connection.other(business_id).legal_name, "wanted": connection.wanted}
    notices.tell_business(session, business_id, kind, values, f"/workspace/{business_id}/connections/{connection.id}")
