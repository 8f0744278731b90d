"""People, what they may do on the platform, and who belongs to a business."""

import secrets
from datetime import timedelta
from hashlib import sha256
from uuid import uuid4

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from ..domain.errors import N_, Conflict, InvalidInput, NotFound
from ..domain.permissions import Actor, Permission, require
from ..domain.permissions import Role as BusinessRole
from ..storage.accounts import Invitation, Membership, User, open_invitations
from ..storage.businesses import Business
from . import audit, notices
from .clock import now

INVITATION_LASTS = timedelta(days=7)
LOCALES = frozenset({"", "vi", "en"})


class InvitationGone(NotFound):
    """The link was used, revoked, or is too old."""

    code = "invitation-gone"
    message = N_("Liên kết mời này không còn dùng được. Hãy nhờ chủ cơ sở gửi liên kết mới.")


class LastOwner(Conflict):
    """A business keeps at least one owner."""

    code = "last-owner"
    message = N_("Đây là chủ cơ sở duy nhất. Hãy mời một chủ cơ sở khác trước khi bỏ quyền người này.")


def create_account(
    session: Session,
    *,
    email: str,
    password_hash: str | None,
    name: str = "",
    locale: str = "",
    totp_secret: str | None = None,
) -> User:
    """Add a confirmed account in the caller's transaction, for commands and the demonstration; people sign up.

    ``totp_secret`` as Flask-Security keeps it, encrypted.
    """
    at = now()
    user = User(
        email=email,
        name=name,
        locale=locale,
        password=password_hash,
        active=True,
        fs_uniquifier=uuid4().hex,
        confirmed_at=at,
        tf_primary_method="authenticator" if totp_secret else None,
        tf_totp_secret=totp_secret,
        create_datetime=at,
        update_datetime=at,
    )
    session.add(user)
    session.flush()
    return user


def write_new(session: Session) -> None:
    """Send the account of whoever signs up to the database, in its transaction. Raises IntegrityError: see ``was_taken``."""
    session.flush()


def set_profile(session: Session, actor: Actor, *, name: str, locale: str) -> None:
    """Change one's own name and language (``vi``, ``en``, or empty: the browser's)."""
    require(actor, Permission.ACCOUNT_MANAGE)
    if locale not in LOCALES:
        raise InvalidInput(N_("Hãy chọn tiếng Việt hoặc tiếng Anh."), field="locale")
    user = _self(session, actor)
    changes = {"name": [user.name, name], "locale": [user.locale, locale]}
    user.name, user.locale = name, locale
    audit.record(session, actor, "accounts:update", user, changes=changes)
    session.commit()


def sign_out_everywhere(session: Session, actor: Actor) -> None:
    """End every session of the actor, this one too."""
    require(actor, Permission.ACCOUNT_MANAGE)
    user = _self(session, actor)
    user.fs_uniquifier = uuid4().hex
    audit.record(session, actor, "accounts:sign-out-everywhere", user)
    session.commit()


def invite(
    session: Session, actor: Actor, business_id: int, *, role: BusinessRole, email: str = ""
) -> tuple[Invitation, str]:
    """Make a link that lets one person into a business; returns it with its token, which is kept nowhere else.

    Whoever holds the link may use it, once, within a week; ``email`` says whom it was meant for.
    """
    require(actor, Permission.MEMBERS_MANAGE, business_id)
    token = secrets.token_urlsafe(24)
    invitation = Invitation(
        business_id=business_id,
        token_hash=hash_token(token),
        email=email.strip().lower(),
        role=role,
        invited_by=actor.user_id,
        created_at=now(),
        expires_at=now() + INVITATION_LASTS,
    )
    session.add(invitation)
    audit.record(session, actor, "members:invite", invitation, changes={"role": [None, role.value]})
    session.commit()
    return invitation, token


def find_invitation(session: Session, token: str) -> Invitation:
    """The open invitation behind a link. Raises InvitationGone."""
    found = session.scalar(open_invitations(now()).where(Invitation.token_hash == hash_token(token)))
    if found is None:
        raise InvitationGone
    return found


def accept_invitation(session: Session, actor: Actor, token: str) -> Membership:
    """Join a business by its link. Raises InvitationGone, or Conflict for somebody who is a member already."""
    return _join(session, actor, find_invitation(session, token))


def accept_addressed(session: Session, actor: Actor, invitation_id: int) -> Membership:
    """Join by an invitation to the actor's own confirmed address, without its link."""
    user = _self(session, actor)
    wanted = open_invitations(now()).where(Invitation.id == invitation_id, Invitation.email == user.email)
    invitation = session.scalar(wanted)
    if invitation is None or user.confirmed_at is None:
        raise InvitationGone
    return _join(session, actor, invitation)


def revoke_invitation(session: Session, actor: Actor, business_id: int, invitation_id: int) -> None:
    """Make the link useless."""
    require(actor, Permission.MEMBERS_MANAGE, business_id)
    invitation = session.scalar(
        open_invitations(now()).where(Invitation.id == invitation_id, Invitation.business_id == business_id)
    )
    if invitation is None:
        raise InvitationGone
    invitation.revoked_at = now()
    audit.record(session, actor, "members:revoke-invitation", invitation)
    session.commit()


def revoke_member(session: Session, actor: Actor, business_id: int, user_id: int) -> None:
    """Take somebody out of a business. Raises NotFound, or LastOwner."""
    require(actor, Permission.MEMBERS_MANAGE, business_id)
    memberships = session.scalars(
        select(Membership).where(Membership.business_id == business_id).with_for_update()
    ).all()
    leaving = next((m for m in memberships if m.user_id == user_id), None)
    if leaving is None:
        raise NotFound
    if not any(m.role is BusinessRole.OWNER for m in memberships if m is not leaving):
        raise LastOwner
    audit.record(session, actor, "members:remove", leaving, changes={"role": [leaving.role.value, None]})
    values = {"business": _name_of(session, business_id), "person": actor.name}
    notices.tell_user(session, user_id, "member-removed", values)
    session.delete(leaving)
    session.commit()


def hash_token(token: str) -> str:
    """What is kept of a secret that was handed out."""
    return sha256(token.encode()).hexdigest()


def _join(session: Session, actor: Actor, invitation: Invitation) -> Membership:
    require(actor, Permission.ACCOUNT_MANAGE)
    business_id = invitation.business_id
    if business_id in actor.memberships:
        raise Conflict(N_("Bạn đã là thành viên của cơ sở này."))
    at = now()
    used = session.scalar(  # two clicks at once: one of them wins
        update(Invitation)
        .where(Invitation.id == invitation.id, Invitation.accepted_at.is_(None))
        .values(accepted_at=at, accepted_by=actor.user_id)
        .returning(Invitation.id)
    )
    if used is None:
        raise InvitationGone
    membership = Membership(user_id=actor.user_id, business_id=business_id, role=invitation.role, created_at=at)
    session.add(membership)
    audit.record(session, actor, "members:join", membership, changes={"role": [None, membership.role.value]})
    values = {"business": _name_of(session, business_id), "person": actor.name}
    notices.tell_user(
        session,
        invitation.invited_by,
        "member-joined",
        values,
        f"/workspace/{business_id}/members",
        business_id=business_id,
    )
    session.commit()
    return membership


def _self(session: Session, actor: Actor) -> User:
    user = session.get(User, actor.user_id) if actor.user_id is not None else None
    if user is None:
        raise NotFound
    return user


def _name_of(session: Session, business_id: int) -> str:
    business = session.get(Business, business_id)
    if business is None:
        raise NotFound
    return business.legal_name
