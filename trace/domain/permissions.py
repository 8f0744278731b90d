"""Who may do what. One function decides for pages, API and commands alike."""

import enum
from collections.abc import Mapping
from dataclasses import dataclass, field

from .errors import N_, NotAllowed, NotFound
from .labelled import Labelled


class Role(enum.StrEnum):
    """What a person is within one business."""

    OWNER = "owner"
    STAFF = "staff"


class OfficeRole(Labelled):
    """What an officer of the department is; ``OFFICES`` says which permissions come with it."""

    CITY = "city", N_("Cán bộ thành phố")
    COMMUNE = "commune", N_("Cán bộ xã, phường")
    AUDITOR = "auditor", N_("Kiểm toán viên, chỉ xem")
    DATA = "data", N_("Quản trị dữ liệu")


class Permission(enum.StrEnum):
    """``zone:topic:action``. The comment beside each says who of a business holds it; officers are in ``OFFICES``."""

    ACCOUNT_MANAGE = "account:self:manage"  # everyone signed in
    BUSINESSES_APPLY = "account:businesses:apply"  # everyone signed in

    BUSINESS_READ = "business:profile:read"  # owner, staff
    BUSINESS_WRITE = "business:profile:write"  # owner
    MEMBERS_MANAGE = "business:members:manage"  # owner
    API_KEYS_MANAGE = "business:api-keys:manage"  # owner
    SITES_WRITE = "business:sites:write"  # owner, staff
    PRODUCTS_WRITE = "business:products:write"  # owner, staff
    CERTIFICATES_WRITE = "business:certificates:write"  # owner, staff
    BATCHES_READ = "business:batches:read"  # owner, staff
    BATCHES_WRITE = "business:batches:write"  # owner, staff
    BATCHES_PUBLISH = "business:batches:publish"  # owner, staff
    DIARY_READ = "business:diary:read"  # owner, staff
    DIARY_WRITE = "business:diary:write"  # owner, staff
    HANDOVERS_READ = "business:handovers:read"  # owner, staff
    HANDOVERS_WRITE = "business:handovers:write"  # owner, staff
    LABELS_MAKE = "business:labels:make"  # owner, staff
    RECALLS_READ = "business:recalls:read"  # owner, staff
    RECALLS_WRITE = "business:recalls:write"  # owner, staff
    RECALLS_CONFIRM = "business:recalls:confirm"  # owner
    CONNECTIONS_WRITE = "business:connections:write"  # owner, staff
    GREEN_POINTS_WRITE = "business:green-points:write"  # owner, staff
    WEBHOOKS_MANAGE = "business:webhooks:manage"  # owner
    COMPLAINTS_ANSWER = "business:complaints:answer"  # owner, staff
    INSPECTIONS_READ = "business:inspections:read"  # owner, staff
    INSPECTIONS_ANSWER = "business:inspections:answer"  # owner, staff
    AUDIT_READ = "business:audit:read"  # owner

    REGISTER_READ = "authority:register:read"
    COVERAGE_READ = "authority:coverage:read"
    COVERAGE_DEFINE = "authority:coverage:define"
    COMPLAINTS_READ = "authority:complaints:read"
    BATCHES_OVERSEE = "authority:batches:oversee"
    RECALLS_OVERSEE = "authority:recalls:oversee"
    APPROVALS_READ = "authority:approvals:read"
    APPROVALS_DECIDE = "authority:approvals:decide"
    APPLICATIONS_DECIDE = "authority:applications:decide"
    CERTIFICATES_VERIFY = "authority:certificates:verify"
    COMPLAINTS_HANDLE = "authority:complaints:handle"
    GREEN_POINTS_DECIDE = "authority:green-points:decide"
    DIARY_CLEAR = "authority:diary:clear"
    LABORATORY_DECIDE = "authority:laboratory:decide"
    EXCESSES_REVIEW = "authority:excesses:review"
    HANDOVERS_OVERSEE = "authority:handovers:oversee"
    INSPECTIONS_OVERSEE = "authority:inspections:oversee"
    INSPECTIONS_CONDUCT = "authority:inspections:conduct"
    TERMS_MANAGE = "authority:terms:manage"
    RECALLS_ORDER = "authority:recalls:order"
    REGISTER_IMPORT = "authority:register:import"
    WORK_HANDLE = "authority:work:handle"
    RISKS_READ = "authority:risks:read"
    RISKS_WEIGH = "authority:risks:weigh"
    STAGES_MANAGE = "authority:stages:manage"
    YIELDS_MANAGE = "authority:yields:manage"
    PLANS_READ = "authority:plans:read"
    PLANS_MANAGE = "authority:plans:manage"
    FIGURES_ENTER = "authority:figures:enter"
    ACTIVITIES_WRITE = "authority:activities:write"
    REPORTS_WRITE = "authority:reports:write"

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
OF_ADMINISTRATOR = frozenset({Permission.OFFICERS_MANAGE})

_READS_ITS_AREA = frozenset(OfficeRole)
_READS_THE_CITY = frozenset({OfficeRole.CITY, OfficeRole.AUDITOR, OfficeRole.DATA})
_HANDLES = frozenset({OfficeRole.CITY, OfficeRole.COMMUNE})
_KEEPS_DATA = frozenset({OfficeRole.CITY, OfficeRole.DATA})
_DECIDES_FOR_THE_CITY = frozenset({OfficeRole.CITY})

OFFICES: Mapping[Permission, frozenset[OfficeRole]] = {
    Permission.BUSINESS_READ: _READS_ITS_AREA,
    Permission.BATCHES_READ: _READS_ITS_AREA,
    Permission.DIARY_READ: _READS_ITS_AREA,
    Permission.HANDOVERS_READ: _READS_ITS_AREA,
    Permission.RECALLS_READ: _READS_ITS_AREA,
    Permission.AUDIT_READ: _READS_ITS_AREA,
    Permission.REGISTER_READ: _READS_ITS_AREA,
    Permission.COVERAGE_READ: _READS_ITS_AREA,
    Permission.COMPLAINTS_READ: _READS_ITS_AREA,
    Permission.RISKS_READ: _READS_ITS_AREA,
    Permission.APPROVALS_READ: _READS_ITS_AREA,
    Permission.INSPECTIONS_READ: _READS_ITS_AREA,
    Permission.INSPECTIONS_OVERSEE: _READS_ITS_AREA,
    Permission.BATCHES_OVERSEE: _READS_THE_CITY,  # of one batch over all its holders, wherever they are
    Permission.RECALLS_OVERSEE: _READS_THE_CITY,
    Permission.APPROVALS_DECIDE: _HANDLES | _KEEPS_DATA,  # and what the thing itself needs
    Permission.APPLICATIONS_DECIDE: _HANDLES,
    Permission.CERTIFICATES_VERIFY: _HANDLES,
    Permission.COMPLAINTS_HANDLE: _HANDLES,
    Permission.GREEN_POINTS_DECIDE: _HANDLES,
    Permission.DIARY_CLEAR: _HANDLES,
    Permission.LABORATORY_DECIDE: _HANDLES,
    Permission.EXCESSES_REVIEW: _HANDLES,
    Permission.WORK_HANDLE: _HANDLES,
    Permission.HANDOVERS_OVERSEE: _HANDLES,
    Permission.INSPECTIONS_CONDUCT: _HANDLES,
    Permission.TERMS_MANAGE: _KEEPS_DATA,
    Permission.REGISTER_IMPORT: _KEEPS_DATA,
    Permission.COVERAGE_DEFINE: _KEEPS_DATA,
    Permission.RISKS_WEIGH: _KEEPS_DATA,
    Permission.STAGES_MANAGE: _KEEPS_DATA,
    Permission.YIELDS_MANAGE: _KEEPS_DATA,
    Permission.PLANS_READ: _READS_THE_CITY,
    Permission.PLANS_MANAGE: _KEEPS_DATA,
    Permission.FIGURES_ENTER: _KEEPS_DATA,
    Permission.ACTIVITIES_WRITE: _KEEPS_DATA,
    Permission.REPORTS_WRITE: _KEEPS_DATA,
    Permission.RECALLS_ORDER: _DECIDES_FOR_THE_CITY,
}
"""Which offices come with a permission. An officer of a commune holds it over the businesses of that commune: lists
show those only, see ``request.access.within_office``."""
OF_OFFICER = frozenset(OFFICES)
OF_OFFICE = {role: frozenset(each for each, roles in OFFICES.items() if role in roles) for role in OfficeRole}


@dataclass(frozen=True, kw_only=True)
class Office:
    """An officer's place in the department: for the whole city, or for one commune and the businesses in it."""

    role: OfficeRole
    commune_code: str | None = None
    business_ids: frozenset[int] = frozenset()
    """Of the commune; says nothing for the other roles."""

    def reaches(self, business_id: int | None) -> bool:
        """Whether a business is in its area; what belongs to no business (None) is in everybody's."""
        return self.role is not OfficeRole.COMMUNE or business_id is None or business_id in self.business_ids

    def holds(self, permission: Permission, subject: int | None) -> bool:
        return permission in OF_OFFICE[self.role] and self.reaches(subject)


@dataclass(frozen=True, kw_only=True)
class Actor:
    """Who acts: a signed-in person, or a machine with an API key.

    ``scopes`` is None for a person; a key may do only what its scopes name, within what its owner may.
    """

    user_id: int | None
    name: str
    memberships: Mapping[int, Role] = field(default_factory=dict)
    office: Office | None = None
    administrator: bool = False
    scopes: frozenset[Permission] | None = None
    locale: str = "vi"

    @property
    def officer(self) -> bool:
        return self.office is not None

    def knows(self, business_id: int) -> bool:
        """Whether a business is the actor's own, or in the area of its office."""
        return business_id in self.memberships or (self.office is not None and self.office.reaches(business_id))


SYSTEM = Actor(user_id=None, name="system", office=Office(role=OfficeRole.CITY), administrator=True)


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
    if actor.office and actor.office.holds(permission, subject):
        return True
    if subject is None or permission not in OF_BUSINESS:
        return False
    role = actor.memberships.get(subject)
    return role is Role.OWNER or (role is Role.STAFF and permission not in OWNER_ONLY)


def require(actor: Actor, permission: Permission, subject: int | None = None) -> None:
    """Raise NotAllowed, or NotFound where the actor may not even know that the business exists."""
    if allowed(actor, permission, subject):
        return
    if subject is not None and not actor.knows(subject):
        raise NotFound
    raise NotAllowed
