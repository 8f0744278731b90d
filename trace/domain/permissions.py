"""Who may do what. One function decides for pages, API and commands alike."""

import enum
from collections.abc import Mapping
from dataclasses import dataclass, field

from .errors import NotAllowed, NotFound


class Role(enum.StrEnum):
    """What a person is within one business."""

    OWNER = "owner"
    STAFF = "staff"


class Permission(enum.StrEnum):
    """``zone:topic:action``. The comment beside each says who holds it."""

    ACCOUNT_MANAGE = "account:self:manage"  # everyone signed in
    BUSINESSES_APPLY = "account:businesses:apply"  # everyone signed in

    BUSINESS_READ = "business:profile:read"  # owner, staff, officer
    BUSINESS_WRITE = "business:profile:write"  # owner
    MEMBERS_MANAGE = "business:members:manage"  # owner
    API_KEYS_MANAGE = "business:api-keys:manage"  # owner
    SITES_WRITE = "business:sites:write"  # owner, staff
    PRODUCTS_WRITE = "business:products:write"  # owner, staff
    CERTIFICATES_WRITE = "business:certificates:write"  # owner, staff
    BATCHES_READ = "business:batches:read"  # owner, staff, officer
    BATCHES_WRITE = "business:batches:write"  # owner, staff
    BATCHES_PUBLISH = "business:batches:publish"  # owner, staff
    DIARY_READ = "business:diary:read"  # owner, staff, officer
    DIARY_WRITE = "business:diary:write"  # owner, staff
    HANDOVERS_READ = "business:handovers:read"  # owner, staff, officer
    HANDOVERS_WRITE = "business:handovers:write"  # owner, staff
    LABELS_MAKE = "business:labels:make"  # owner, staff
    RECALLS_READ = "business:recalls:read"  # owner, staff, officer
    RECALLS_WRITE = "business:recalls:write"  # owner, staff
    RECALLS_CONFIRM = "business:recalls:confirm"  # owner
    WEBHOOKS_MANAGE = "business:webhooks:manage"  # owner
    COMPLAINTS_ANSWER = "business:complaints:answer"  # owner, staff
    AUDIT_READ = "business:audit:read"  # owner, officer
    INSPECTIONS_READ = "business:inspections:read"  # owner, staff, officer
    INSPECTIONS_ANSWER = "business:inspections:answer"  # owner, staff

    APPLICATIONS_DECIDE = "authority:applications:decide"  # officer
    DIARY_CLEAR = "authority:diary:clear"  # officer
    LABORATORY_DECIDE = "authority:laboratory:decide"  # officer
    STAGES_MANAGE = "authority:stages:manage"  # officer
    YIELDS_MANAGE = "authority:yields:manage"  # officer
    EXCESSES_REVIEW = "authority:excesses:review"  # officer
    HANDOVERS_OVERSEE = "authority:handovers:oversee"  # officer
    REGISTER_READ = "authority:register:read"  # officer
    REGISTER_IMPORT = "authority:register:import"  # officer
    CERTIFICATES_VERIFY = "authority:certificates:verify"  # officer
    COMPLAINTS_HANDLE = "authority:complaints:handle"  # officer
    COVERAGE_READ = "authority:coverage:read"  # officer
    RECALLS_ORDER = "authority:recalls:order"  # officer
    INSPECTIONS_OVERSEE = "authority:inspections:oversee"  # officer of the city or a commune, auditor
    INSPECTIONS_CONDUCT = "authority:inspections:conduct"  # officer of the city or a commune

    OFFICERS_MANAGE = "platform:officers:manage"  # administrator


EVERYONE = frozenset({Permission.ACCOUNT_MANAGE, Permission.BUSINESSES_APPLY})
OWNER_ONLY = frozenset(
    {
        Permission.BUSINESS_WRITE,
        Permission.MEMBERS_MANAGE,
        Permission.API_KEYS_MANAGE,
        Permission.WEBHOOKS_MANAGE,
        Permission.AUDIT_READ,
        Permission.RECALLS_CONFIRM,
    }
)
OF_BUSINESS = frozenset(p for p in Permission if p.startswith("business:"))
OF_OFFICER = frozenset(p for p in Permission if p.startswith("authority:")) | {
    Permission.BUSINESS_READ,
    Permission.BATCHES_READ,
    Permission.DIARY_READ,
    Permission.RECALLS_READ,
    Permission.HANDOVERS_READ,
    Permission.AUDIT_READ,
    Permission.INSPECTIONS_READ,
}
OF_ADMINISTRATOR = frozenset({Permission.OFFICERS_MANAGE})


@dataclass(frozen=True, kw_only=True)
class Actor:
    """Who acts: a signed-in person, or a machine with an API key.

    ``scopes`` is None for a person; a key may do only what its scopes name, within what its owner may.
    """

    user_id: int | None
    name: str
    memberships: Mapping[int, Role] = field(default_factory=dict)
    officer: bool = False
    administrator: bool = False
    scopes: frozenset[Permission] | None = None
    locale: str = "vi"


SYSTEM = Actor(user_id=None, name="system", officer=True, administrator=True)


def allowed(actor: Actor, permission: Permission, subject: int | None = None) -> bool:
    """Say whether ``actor`` holds ``permission`` over a subject.

    ``subject`` is the id of the business that owns the object; None for what belongs to the department, the
    platform or the actor's own account.
    """
    if actor.scopes is not None and permission not in actor.scopes:
        return False
    if permission in EVERYONE:
        return True
    if permission in OF_ADMINISTRATOR:
        return actor.administrator
    if actor.officer and permission in OF_OFFICER:
        return True
    if subject is None or permission not in OF_BUSINESS:
        return False
    role = actor.memberships.get(subject)
    return role is Role.OWNER or (role is Role.STAFF and permission not in OWNER_ONLY)


def require(actor: Actor, permission: Permission, subject: int | None = None) -> None:
    """Raise NotAllowed, or NotFound where the actor may not even know that the business exists."""
    if allowed(actor, permission, subject):
        return
    if subject is not None and not actor.officer and subject not in actor.memberships:
        raise NotFound
    raise NotAllowed
