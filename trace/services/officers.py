"""Who is an officer of the department, of what, and who administers the platform."""

from sqlalchemy import select
from sqlalchemy.orm import Session, object_session

from ..domain.addresses import HA_NOI
from ..domain.errors import N_, Conflict, InvalidInput, NotFound
from ..domain.permissions import Actor, Office, OfficeRole, Permission, require
from ..storage.accounts import Role, User, user_by_email
from ..storage.businesses import ids_in_commune
from . import audit, notices
from .addresses import settle_address

ADMINISTRATOR = "administrator"


def office_of(user: User) -> Office | None:
    """With the businesses of its commune, as they are now."""
    if user.office is None:
        return None
    session = object_session(user)
    if user.office is not OfficeRole.COMMUNE or session is None:
        return Office(role=user.office)
    businesses = session.scalars(ids_in_commune(user.office_commune_code))
    return Office(role=user.office, commune_code=user.office_commune_code, business_ids=frozenset(businesses))


def appoint(session: Session, actor: Actor, email: str, role: OfficeRole, commune: str = "") -> User:
    """Give an existing account an office, instead of any it has; ``commune`` as it is written, for that role alone.

    Raises InvalidInput (``email``, ``commune``), or Conflict where nothing would change.
    """
    require(actor, Permission.OFFICERS_MANAGE)
    user = _user(session, email)
    code = settle_address(commune=commune, province_code=HA_NOI).commune.code if role is OfficeRole.COMMUNE else None
    before = [user.office, user.office_commune_code]
    if before == [role, code]:
        raise Conflict(N_("Người này đã có quyền đó."), field="email")
    user.office, user.office_commune_code = role, code
    changes = {"office": [before[0], role], "office_commune_code": [before[1], code]}
    audit.record(session, actor, "accounts:appoint", user, changes=changes)
    notices.tell_user(session, user.id, "officer-appointed", {"person": actor.name}, "/authority/")
    session.commit()
    return user


def dismiss(session: Session, actor: Actor, user_id: int) -> User:
    """Take an office away."""
    user = _other(session, actor, user_id)
    if user.office is None:
        raise NotFound
    audit.record(session, actor, "accounts:remove", user, changes={"office": [user.office, None]})
    user.office = user.office_commune_code = None
    notices.tell_user(session, user.id, "officer-removed", {"person": actor.name})
    session.commit()
    return user


def appoint_administrator(session: Session, actor: Actor, email: str) -> User:
    """Let an existing account appoint officers."""
    require(actor, Permission.OFFICERS_MANAGE)
    user = _user(session, email)
    role = session.scalar(select(Role).where(Role.name == ADMINISTRATOR)) or Role(name=ADMINISTRATOR)
    if role in user.roles:
        raise Conflict(N_("Người này đã có quyền đó."), field="email")
    user.roles.append(role)
    audit.record(session, actor, "accounts:appoint", user, changes={ADMINISTRATOR: [False, True]})
    session.commit()
    return user


def dismiss_administrator(session: Session, actor: Actor, user_id: int) -> User:
    user = _other(session, actor, user_id)
    taken = next((role for role in user.roles if role.name == ADMINISTRATOR), None)
    if taken is None:
        raise NotFound
    user.roles.remove(taken)
    audit.record(session, actor, "accounts:remove", user, changes={ADMINISTRATOR: [True, False]})
    session.commit()
    return user


def _user(session: Session, email: str) -> User:
    user: User | None = session.scalar(user_by_email(email.strip().lower()))
    if user is None:
        raise InvalidInput(N_("Chưa có tài khoản nào dùng địa chỉ này. Hãy nhờ người đó đăng ký trước."), field="email")
    return user


def _other(session: Session, actor: Actor, user_id: int) -> User:
    """Nobody can take their own rights, so that one administrator always remains."""
    require(actor, Permission.OFFICERS_MANAGE)
    user = session.get(User, user_id)
    if user is None:
        raise NotFound
    if user.id == actor.user_id:
        raise Conflict(N_("Bạn không thể tự bỏ quyền của mình. Hãy nhờ một quản trị viên khác."))
    return user
