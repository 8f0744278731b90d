"""People and things for tests, each with sensible facts; say only what a test is about.

Every function takes the session first, adds what it makes and flushes; nothing is committed.
"""

from collections.abc import Iterable
from datetime import UTC, datetime
from itertools import count
from typing import Any
from uuid import uuid4

from sqlalchemy import select
from sqlalchemy.orm import Session

from trace.domain.businesses import BusinessKind, BusinessStatus
from trace.domain.permissions import Actor
from trace.domain.permissions import Role as BusinessRole
from trace.domain.text import fold
from trace.request.access import actor_of
from trace.storage.accounts import Membership, Role, User
from trace.storage.businesses import Business

NOW = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
_numbers = count(1)


def make_user(session: Session, *, roles: Iterable[str] = (), **facts: Any) -> User:
    """A confirmed account without a password. Officers and administrators have their second factor set up."""
    number = next(_numbers)
    facts = {
        "email": f"person{number}@example.com",
        "name": f"Người {number}",
        "locale": "vi",
        "active": True,
        "fs_uniquifier": uuid4().hex,
        "confirmed_at": NOW,
        "create_datetime": NOW,
        "update_datetime": NOW,
        **({"tf_primary_method": "authenticator", "tf_totp_secret": "{}"} if roles else {}),
        **facts,
    }
    user = User(**facts)
    user.roles = [_role(session, name) for name in roles]
    return _added(session, user)


def make_officer(session: Session, **facts: Any) -> User:
    return make_user(session, roles=["officer"], **facts)


def make_administrator(session: Session, **facts: Any) -> User:
    return make_user(session, roles=["administrator"], **facts)


def make_business(session: Session, *, owner: User | None = None, staff: Iterable[User] = (), **facts: Any) -> Business:
    """An approved co-operative in Hà Nội with the members given."""
    number = next(_numbers)
    facts = {
        "kind": BusinessKind.COOPERATIVE,
        "legal_name": f"Hợp tác xã Rau {number}",
        "tax_code": f"01{number:08d}",
        "phone": "+84912345678",
        "province_code": "01",
        "commune_code": "00070",
        "status": BusinessStatus.APPROVED,
        "visibility": {},
        "created_at": NOW,
        "decided_at": NOW,
        **facts,
    }
    business = _added(session, Business(folded_name=fold(facts["legal_name"]), **facts))
    if owner:
        add_member(session, business, owner)
    for person in staff:
        add_member(session, business, person, BusinessRole.STAFF)
    return business


def add_member(session: Session, business: Business, user: User, role: BusinessRole = BusinessRole.OWNER) -> Membership:
    membership = _added(session, Membership(user=user, business_id=business.id, role=role, created_at=NOW))
    session.expire(user, ["memberships"])
    return membership


def actor(user: User) -> Actor:
    """What a service is told about a signed-in person."""
    return actor_of(user)


def _role(session: Session, name: str) -> Role:
    return session.scalar(select(Role).where(Role.name == name)) or _added(session, Role(name=name))


def _added(session: Session, row: Any) -> Any:
    session.add(row)
    session.flush()
    return row
