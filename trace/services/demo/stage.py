"""Where the demonstration is acted: whose turn it is, and on which day."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from random import Random

from sqlalchemy import select
from sqlalchemy.orm import Session

from ...domain.approvals import ApprovalKind, ApprovalStatus
from ...domain.dates import in_vietnam
from ...domain.permissions import Actor
from ...domain.stamps import StampKeys
from ...storage.accounts import Membership, User
from ...storage.approvals import open_approval
from ...storage.files import FileStore
from .. import approvals, clock
from ..officers import office_of
from ..scans import ScanWriter


class Stage:
    """What the acts share: the service's own tools, and the ids of whom and what has come on so far."""

    def __init__(
        self, session: Session, *, store: FileStore, scans: ScanWriter, keys: StampKeys, public_url: str
    ) -> None:
        self.session, self.store, self.scans, self.keys = session, store, scans, keys
        self.public_url = public_url
        self.random = Random(96)  # noqa: S311 - the codes of a demonstration may be guessed, and stay the same
        self.start = clock.now()
        self.today = clock.today()
        self.users: dict[str, int] = {}
        self.businesses: dict[str, int] = {}
        self.batches: dict[str, int] = {}

    @contextmanager
    def on(self, days_ago: int, hour: int = 9, minute: int = 0) -> Iterator[None]:
        """That hour in Việt Nam, never later than now."""
        day = in_vietnam(self.start) - timedelta(days=days_ago)
        with clock.at(min(self.start, day.replace(hour=hour, minute=minute, second=0, microsecond=0))):
            yield

    def approve(self, kind: ApprovalKind, subject_id: int, note: str) -> None:
        """By the second officer, of what the first proposed."""
        asked = self.session.scalars(open_approval(kind, subject_id)).one()
        approvals.decide(
            self.session,
            self.actor("second_officer"),
            asked.id,
            ApprovalStatus.APPROVED,
            note=note,
            public_url=self.public_url,
        )

    def actor(self, part: str) -> Actor:
        user = self.session.get_one(User, self.users[part])
        memberships = self.session.scalars(select(Membership).where(Membership.user_id == user.id))
        return Actor(
            user_id=user.id,
            name=user.name,
            memberships={each.business_id: each.role for each in memberships},
            office=office_of(user),
        )
