"""Keys by which machines act for a business, or for an officer."""

import secrets
from collections.abc import Iterable
from datetime import timedelta

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from ..domain.errors import N_, InvalidInput, NotAllowed, NotFound
from ..domain.permissions import OF_BUSINESS, OF_OFFICE, Actor, Office, Permission, require
from ..domain.permissions import Role as BusinessRole
from ..storage.accounts import ApiKey, User
from ..storage.businesses import Business
from ..storage.database import writing
from . import audit, notices
from .accounts import hash_token
from .clock import now
from .officers import office_of

PREFIX = "rn_"
HINT_LENGTH = 9
USE_IS_NOTED_EVERY = timedelta(hours=1)


def issue_key(
    session: Session,
    actor: Actor,
    *,
    name: str,
    scopes: Iterable[Permission],
    business_id: int | None = None,
    officer_id: int | None = None,
) -> tuple[ApiKey, str]:
    """Make a key for a business or for an officer; returns it with its token, which is kept nowhere else.

    Raises InvalidInput (fields ``name``, ``scopes``). A machine cannot hand out more than it holds itself.
    """
    wanted = frozenset(scopes)
    if (business_id is None) == (officer_id is None):
        raise ValueError("a key belongs to one business or to one officer")
    if business_id is not None:
        require(actor, Permission.API_KEYS_MANAGE, business_id)
        possible = OF_BUSINESS
    else:
        if actor.user_id != officer_id:
            require(actor, Permission.OFFICERS_MANAGE)
        _, office = _officer(session, officer_id)
        possible = OF_OFFICE[office.role]
    if not name:
        raise InvalidInput(N_("Hãy đặt tên để sau này nhận ra khóa."), field="name")
    if not wanted or not wanted <= possible:
        raise InvalidInput(N_("Hãy chọn ít nhất một việc mà khóa này được làm."), field="scopes")
    if actor.scopes is not None and not wanted <= actor.scopes:
        raise NotAllowed
    token = PREFIX + secrets.token_urlsafe(32)
    key = ApiKey(
        business_id=business_id,
        user_id=actor.user_id if officer_id is None else officer_id,
        name=name,
        hint=token[:HINT_LENGTH],
        token_hash=hash_token(token),
        scopes=sorted(wanted),
        created_at=now(),
    )
    session.add(key)
    audit.record(session, actor, "keys:issue", key, changes={"name": name, "scopes": sorted(wanted)})
    if business_id is not None and (business := session.get(Business, business_id)):
        values = {"business": business.legal_name, "person": actor.name, "name": name}
        notices.tell_business(session, business_id, "key-issued", values, f"/workspace/{business_id}/keys")
    session.commit()
    return key, token


def revoke_key(session: Session, actor: Actor, key_id: int, *, business_id: int | None = None) -> None:
    """Make a key useless from now on. Raises NotFound for another's key."""
    key = session.get(ApiKey, key_id)
    if key is None or key.business_id != business_id or key.revoked_at is not None:
        raise NotFound
    if business_id is not None:
        require(actor, Permission.API_KEYS_MANAGE, business_id)
    elif key.user_id != actor.user_id:
        require(actor, Permission.OFFICERS_MANAGE)
    key.revoked_at = now()
    audit.record(session, actor, "keys:revoke", key)
    session.commit()


def authenticate_key(session: Session, token: str) -> Actor | None:
    """Who acts with this key; None where it is unknown or revoked, or its officer no longer is one."""
    if not token.startswith(PREFIX):
        return None
    key = session.scalar(select(ApiKey).where(ApiKey.token_hash == hash_token(token), ApiKey.revoked_at.is_(None)))
    if key is None:
        return None
    scopes = frozenset(Permission(scope) for scope in key.scopes)
    if key.business_id is not None:
        # The key is the business's, so it outlives whoever made it.
        members = {key.business_id: BusinessRole.OWNER}
        actor = Actor(user_id=key.user_id, name=key.name, memberships=members, scopes=scopes)
    else:
        try:
            officer, office = _officer(session, key.user_id)
        except NotFound:
            return None
        actor = Actor(user_id=officer.id, name=f"{officer.name} ({key.name})", office=office, scopes=scopes)
    _note_use(session, key)
    return actor


def _note_use(session: Session, key: ApiKey) -> None:
    if key.last_used_at is not None and now() - key.last_used_at < USE_IS_NOTED_EVERY:
        return
    key_id = key.id
    session.commit()  # a transaction that only reads cannot turn into one that writes
    with writing():
        session.execute(update(ApiKey).where(ApiKey.id == key_id).values(last_used_at=now()))
        session.commit()


def _officer(session: Session, user_id: int | None) -> tuple[User, Office]:
    user = session.get(User, user_id) if user_id is not None else None
    office = office_of(user) if user is not None and user.active else None
    if user is None or office is None:
        raise NotFound
    return user, office
