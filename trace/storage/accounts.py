"""People, what they belong to, and the keys of machines.

The mixins are Flask-Security's and carry behaviour, no Flask request state: see docs/decisions/0003.
"""

from datetime import UTC, datetime
from secrets import token_urlsafe
from typing import Any

from flask_security import AsaList, RoleMixin, UserMixin, WebAuthnMixin
from sqlalchemy import Column, ForeignKey, LargeBinary, Select, Table, UniqueConstraint, and_, or_, select
from sqlalchemy.ext.mutable import MutableList
from sqlalchemy.orm import Mapped, joinedload, mapped_column, relationship

from ..domain.permissions import OfficeRole
from ..domain.permissions import Role as BusinessRole
from .database import Base, PrimaryKey


def _now() -> datetime:
    return datetime.now(UTC)


roles_of_users = Table(
    "roles_of_users",
    Base.metadata,
    Column("user_id", ForeignKey("users.id", ondelete="CASCADE"), primary_key=True),
    Column("role_id", ForeignKey("roles.id", ondelete="CASCADE"), primary_key=True),
)


class Role(Base, RoleMixin):  # type: ignore[misc]
    """What a person is on the platform: ``administrator``. Officers have an office instead."""

    __tablename__ = "roles"

    id: Mapped[PrimaryKey]
    name: Mapped[str] = mapped_column(unique=True)


class User(Base, UserMixin):  # type: ignore[misc]
    __tablename__ = "users"

    id: Mapped[PrimaryKey]
    email: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str] = mapped_column(default="")
    locale: Mapped[str] = mapped_column(default="")
    """``vi`` or ``en``; empty follows the browser."""
    password: Mapped[str | None]
    active: Mapped[bool] = mapped_column(default=True)
    fs_uniquifier: Mapped[str] = mapped_column(unique=True)
    confirmed_at: Mapped[datetime | None]
    tf_primary_method: Mapped[str | None]
    tf_totp_secret: Mapped[str | None]
    tf_phone_number: Mapped[str | None]
    fs_webauthn_user_handle: Mapped[str | None] = mapped_column(unique=True)
    mf_recovery_codes: Mapped[Any | None] = mapped_column(MutableList.as_mutable(AsaList()))
    office: Mapped[OfficeRole | None]
    """What an officer of the department is; None for everybody else."""
    office_commune_code: Mapped[str | None]
    """The area of an officer of a commune."""
    create_datetime: Mapped[datetime] = mapped_column(default=_now)
    update_datetime: Mapped[datetime] = mapped_column(default=_now, onupdate=_now)

    roles: Mapped[list[Role]] = relationship(secondary=roles_of_users, lazy="selectin")
    webauthn: Mapped[list["WebAuthn"]] = relationship(back_populates="user", cascade="all, delete")
    memberships: Mapped[list["Membership"]] = relationship(back_populates="user", lazy="selectin")

    @property
    def has_second_factor(self) -> bool:
        return bool(self.tf_primary_method or self.webauthn)

    def new_session(self) -> str:
        """``<fs_uniquifier>.<when, in seconds>.<token>``: names one sign-in, which ``services.sessions`` knows to end."""
        return f"{self.fs_uniquifier}.{int(_now().timestamp())}.{token_urlsafe(16)}"

    def check_tf_required(self, tf_setup_methods: Any, tf_fresh: bool) -> tuple[bool, Any]:  # noqa: ARG002
        """Whoever has set up a second factor is asked for it; officers and administrators must set one up."""
        return bool(tf_setup_methods) or self.check_tf_required_setup(), tf_setup_methods

    def check_tf_required_setup(self) -> bool:
        return bool(self.roles or self.office)


class WebAuthn(Base, WebAuthnMixin):  # type: ignore[misc]
    """A passkey."""

    __tablename__ = "passkeys"

    id: Mapped[PrimaryKey]
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), index=True)
    credential_id: Mapped[bytes] = mapped_column(LargeBinary(1024), unique=True)
    public_key: Mapped[bytes] = mapped_column(LargeBinary)
    sign_count: Mapped[int | None] = mapped_column(default=0)
    transports: Mapped[Any | None] = mapped_column(MutableList.as_mutable(AsaList()))
    backup_state: Mapped[bool]
    device_type: Mapped[str]
    extensions: Mapped[str | None]
    create_datetime: Mapped[datetime] = mapped_column(default=_now)
    lastuse_datetime: Mapped[datetime]
    name: Mapped[str]
    usage: Mapped[str]

    user: Mapped[User] = relationship(back_populates="webauthn")


class Membership(Base):
    """A person's place in one business; one person may have several."""

    __tablename__ = "memberships"
    __table_args__ = (UniqueConstraint("user_id", "business_id"),)

    id: Mapped[PrimaryKey]
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"))
    business_id: Mapped[int] = mapped_column(ForeignKey("businesses.id"), index=True)
    role: Mapped[BusinessRole]
    created_at: Mapped[datetime]

    user: Mapped[User] = relationship(back_populates="memberships")


class Invitation(Base):
    """A link by which an owner lets one more person in; only its hash is kept."""

    __tablename__ = "invitations"

    id: Mapped[PrimaryKey]
    business_id: Mapped[int] = mapped_column(ForeignKey("businesses.id"), index=True)
    token_hash: Mapped[str] = mapped_column(unique=True)
    email: Mapped[str]
    role: Mapped[BusinessRole]
    invited_by: Mapped[int] = mapped_column(ForeignKey("users.id"))
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    accepted_at: Mapped[datetime | None]
    accepted_by: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    revoked_at: Mapped[datetime | None]


class ApiKey(Base):
    """A machine's key: for one business, or for an officer. ``token_hash`` is SHA-256 of the whole key."""

    __tablename__ = "api_keys"

    id: Mapped[PrimaryKey]
    business_id: Mapped[int | None] = mapped_column(ForeignKey("businesses.id"), index=True)
    user_id: Mapped[int | None] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), index=True)
    """The officer it acts for, or the person who made it for a business."""
    name: Mapped[str]
    hint: Mapped[str]
    """The first characters, to tell keys apart on a page."""
    token_hash: Mapped[str] = mapped_column(unique=True)
    scopes: Mapped[list[str]]
    created_at: Mapped[datetime]
    last_used_at: Mapped[datetime | None]
    revoked_at: Mapped[datetime | None]


class IdempotentRequest(Base):
    """A POST that was answered, so that its repetition gets the same answer and does nothing again."""

    __tablename__ = "idempotent_requests"
    __table_args__ = (UniqueConstraint("caller", "key"),)

    id: Mapped[PrimaryKey]
    caller: Mapped[str]
    """``key:<SHA-256 of the API key>``, or ``anyone``."""
    key: Mapped[str]
    fingerprint: Mapped[str]
    """SHA-256 of method, path and body: the same key with another request is refused."""
    status: Mapped[int | None]
    """None only within the transaction that is answering."""
    headers: Mapped[dict[str, Any] | None]
    body: Mapped[bytes | None] = mapped_column(LargeBinary)
    """Encrypted under the API key, which is kept nowhere."""
    created_at: Mapped[datetime] = mapped_column(index=True)


def user_by_email(email: str) -> Select[User]:
    """``email`` as it is stored: normalised and in lower case."""
    return select(User).where(User.email == email)


def handling_officer_ids(commune_code: str | None) -> Select[int]:
    """Officers of the city, and those of this commune."""
    own = and_(User.office == OfficeRole.COMMUNE, User.office_commune_code == commune_code)
    return select(User.id).where(User.active, or_(User.office == OfficeRole.CITY, own)).order_by(User.id)


def officers() -> Select[User]:
    return select(User).where(User.office.is_not(None)).order_by(User.email)


def administrators() -> Select[User]:
    return select(User).where(User.roles.any(Role.name == "administrator")).order_by(User.email)


def member_ids(business_id: int) -> Select[int]:
    return select(Membership.user_id).where(Membership.business_id == business_id).order_by(Membership.id)


def members_of(business_id: int) -> Select[Membership]:
    """With the people."""
    return (
        select(Membership)
        .options(joinedload(Membership.user))
        .where(Membership.business_id == business_id)
        .order_by(Membership.id)
    )


def open_invitations(now: datetime) -> Select[Invitation]:
    """Those whose link still works, newest first."""
    return (
        select(Invitation)
        .where(Invitation.accepted_at.is_(None), Invitation.revoked_at.is_(None), Invitation.expires_at > now)
        .order_by(Invitation.id.desc())
    )


def keys_of(business_id: int) -> Select[ApiKey]:
    return (
        select(ApiKey)
        .where(ApiKey.business_id == business_id)
        .order_by(ApiKey.revoked_at.isnot(None), ApiKey.id.desc())
    )
