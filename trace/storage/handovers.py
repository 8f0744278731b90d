"""Deliveries from one business to another, what was said of each, and how long an offer stands."""

from collections.abc import Collection
from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, Select, UniqueConstraint, and_, func, or_, select
from sqlalchemy.orm import Mapped, joinedload, mapped_column, relationship

from ..domain.businesses import BusinessStatus
from ..domain.cases import CaseStatus
from ..domain.handovers import HandoverStatus
from ..domain.text import fold
from .batches import Batch
from .businesses import Business
from .cases import Case, CaseContent
from .database import Base, PrimaryKey
from .products import Product
from .sites import Site

RECEIVED = [HandoverStatus.ACCEPTED, HandoverStatus.ACCEPTED_WITH_DIFFERENCE, HandoverStatus.DISPUTED]


class Handover(Base):
    """So much of a batch given by a seller to a buyer. ``HandoverStep`` keeps who said what, and when."""

    __tablename__ = "handovers"
    __table_args__ = (
        UniqueConstraint("seller_id", "client_key"),
        Index("ix_handovers_seller", "seller_id", "id"),
        Index("ix_handovers_buyer", "buyer_id", "id"),
        Index("ix_handovers_batch", "batch_id", "id"),
        Index("ix_handovers_status", "status", "id"),
        Index("ix_handovers_case", "case_id", "id"),
        CheckConstraint("sent > 0", name="sent_positive"),
        CheckConstraint("received > 0 AND received <= sent", name="received_of_sent"),
    )

    id: Mapped[PrimaryKey]
    batch_id: Mapped[int] = mapped_column(ForeignKey("batches.id"))
    seller_id: Mapped[int] = mapped_column(ForeignKey("businesses.id"))
    buyer_id: Mapped[int | None] = mapped_column(ForeignKey("businesses.id"))
    """None: a counterparty that is not enrolled, known by what the seller says of it."""
    buyer_name: Mapped[str] = mapped_column(default="")
    buyer_phone: Mapped[str] = mapped_column(default="")
    """E.164."""
    buyer_commune_code: Mapped[str | None]
    token_hash: Mapped[str | None] = mapped_column(unique=True)
    """SHA-256 of the invitation's token, which is kept nowhere."""
    seller_site_id: Mapped[int | None] = mapped_column(ForeignKey("sites.id"))
    buyer_site_id: Mapped[int | None] = mapped_column(ForeignKey("sites.id"))
    sent: Mapped[int]
    """In the base unit of the batch's product, as ``received``."""
    received: Mapped[int | None]
    vehicle: Mapped[str] = mapped_column(default="")
    expected_at: Mapped[datetime | None]
    shipped_at: Mapped[datetime]
    received_at: Mapped[datetime | None]
    status: Mapped[HandoverStatus]
    offered_at: Mapped[datetime]
    expires_at: Mapped[datetime | None]
    """None: it waits for its buyer to enrol, and officers see that."""
    client_key: Mapped[str | None]
    """Made with the form: the same form sent twice makes one handover."""
    case_id: Mapped[int | None] = mapped_column(ForeignKey("cases.id"))
    """The case that it was sent in, one handover for each batch in the case."""

    batch: Mapped[Batch] = relationship()
    seller: Mapped[Business] = relationship(foreign_keys=seller_id)
    buyer: Mapped[Business | None] = relationship(foreign_keys=buyer_id)
    seller_site: Mapped[Site | None] = relationship(foreign_keys=seller_site_id)
    buyer_site: Mapped[Site | None] = relationship(foreign_keys=buyer_site_id)
    case: Mapped[Case | None] = relationship()

    @property
    def product(self) -> Product:
        return self.batch.product

    @property
    def buyer_title(self) -> str:
        return self.buyer.legal_name if self.buyer else self.buyer_name


class HandoverStep(Base):
    """What somebody said of a handover, which had ``status`` afterwards; append-only."""

    __tablename__ = "handover_steps"

    id: Mapped[PrimaryKey]
    handover_id: Mapped[int] = mapped_column(ForeignKey("handovers.id"), index=True)
    status: Mapped[HandoverStatus]
    business_id: Mapped[int | None] = mapped_column(ForeignKey("businesses.id"))
    """Whose side spoke; None: an officer, or the service itself."""
    by: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    by_name: Mapped[str]
    reason: Mapped[str]
    at: Mapped[datetime]


class HandoverTerms(Base):
    """How long an offer stands and when an officer sees that it waits, from a day on; append-only."""

    __tablename__ = "handover_terms"

    id: Mapped[PrimaryKey]
    valid_from: Mapped[date]
    accept_within_days: Mapped[int]
    """After the expected arrival, or after shipping where none was given."""
    overdue_after_days: Mapped[int]
    reason: Mapped[str]
    set_by: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    set_by_name: Mapped[str]
    at: Mapped[datetime]


def handovers_of(
    business_id: int, *, given: bool | None = None, status: HandoverStatus | None = None, batch_id: int | None = None
) -> Select[Handover]:
    """A business's deliveries; ``given``: only those it gives, or only those it gets."""
    giving, getting = Handover.seller_id == business_id, Handover.buyer_id == business_id
    sides = or_(giving, getting) if given is None else giving if given else getting
    statement = _whole().where(sides)
    if status is not None:
        statement = statement.where(Handover.status == status)
    return statement if batch_id is None else statement.where(Handover.batch_id == batch_id)


def handover_with(handover_id: int) -> Select[Handover]:
    """One with everything its page names."""
    return select(Handover).where(Handover.id == handover_id).options(*NAMED)


def open_handovers_in(case_id: int) -> Select[Handover]:
    """What nobody has answered yet of what was sent in a case."""
    return _whole().where(Handover.case_id == case_id, Handover.status == HandoverStatus.OFFERED).order_by(Handover.id)


def cases_holding(batch_ids: Collection[int] | Select[int]) -> Select[int, int, Case]:
    """Closed cases with some of these batches: batch id, who has the case or is to get it, and the case."""
    sent = and_(
        Handover.case_id == Case.id,
        Handover.batch_id == CaseContent.batch_id,
        Handover.status == HandoverStatus.OFFERED,
    )
    return (
        select(CaseContent.batch_id, func.coalesce(Handover.buyer_id, Case.business_id), Case)
        .join(Case, Case.id == CaseContent.case_id)
        .outerjoin(Handover, sent)
        .where(CaseContent.batch_id.in_(batch_ids), Case.status != CaseStatus.UNPACKED)
        .order_by(Case.id)
    )


def handover_of_form(seller_id: int, client_key: str) -> Select[Handover]:
    """What the form with this key made, if it was sent before."""
    return select(Handover).where(Handover.seller_id == seller_id, Handover.client_key == client_key)


def handover_of_invitation(token_hash: str) -> Select[Handover]:
    """The open one that still waits for its buyer."""
    return _whole().where(
        Handover.token_hash == token_hash, Handover.buyer_id.is_(None), Handover.status == HandoverStatus.OFFERED
    )


def open_offer(batch_id: int, business_ids: Collection[int]) -> Select[int, int | None]:
    """The oldest open offer of a batch to one of these businesses, and to which."""
    return (
        select(Handover.id, Handover.buyer_id)
        .where(
            Handover.batch_id == batch_id,
            Handover.buyer_id.in_(business_ids),
            Handover.status == HandoverStatus.OFFERED,
        )
        .order_by(Handover.id)
        .limit(1)
    )


def offers_of(batch_id: int, buyer_id: int) -> Select[Handover]:
    """The open offers of a batch to one buyer, oldest first."""
    return (
        _whole()
        .where(Handover.batch_id == batch_id, Handover.buyer_id == buyer_id, Handover.status == HandoverStatus.OFFERED)
        .order_by(Handover.id)
    )


def first_received(business_id: int, batch_id: int) -> Select[datetime | None]:
    """When a business first got any of a batch; None where it never did."""
    return select(func.min(Handover.received_at)).where(
        Handover.buyer_id == business_id, Handover.batch_id == batch_id, Handover.status.in_(RECEIVED)
    )


def first_shipped(batch_id: int) -> Select[datetime | None]:
    """When a batch first left anybody, offers that came back left out; None where it never did."""
    standing = [HandoverStatus.OFFERED, *RECEIVED]
    return select(func.min(Handover.shipped_at)).where(Handover.batch_id == batch_id, Handover.status.in_(standing))


def sent_by(business_id: int, batch_id: int) -> Select[HandoverStatus, int | None, int | None]:
    """How much of a batch a business gave, and how much of it was received, by status."""
    return (
        select(Handover.status, func.sum(Handover.sent), func.sum(Handover.received))
        .where(Handover.seller_id == business_id, Handover.batch_id == batch_id)
        .group_by(Handover.status)
    )


def statuses_of(batch_id: int) -> Select[int, HandoverStatus]:
    return select(Handover.id, Handover.status).where(Handover.batch_id == batch_id)


def expired_at(now: datetime) -> Select[int]:
    """Open offers whose time is over."""
    return (
        select(Handover.id)
        .where(Handover.status == HandoverStatus.OFFERED, Handover.expires_at <= now)
        .order_by(Handover.id)
    )


def waiting_since(moment: datetime) -> Select[Handover]:
    """Offers that nobody has answered since, for officers."""
    return _whole().where(Handover.status == HandoverStatus.OFFERED, Handover.offered_at < moment)


def handovers_where(*, status: HandoverStatus | None = None) -> Select[Handover]:
    return _whole() if status is None else _whole().where(Handover.status == status)


def steps_of(handover_id: int) -> Select[HandoverStep]:
    """Oldest first."""
    return select(HandoverStep).where(HandoverStep.handover_id == handover_id).order_by(HandoverStep.id)


def terms_on(day: date) -> Select[HandoverTerms]:
    """What is in force on a day: the latest said of the latest day."""
    return terms_said().where(HandoverTerms.valid_from <= day).limit(1)


def terms_said() -> Select[HandoverTerms]:
    """Newest first."""
    return select(HandoverTerms).order_by(HandoverTerms.valid_from.desc(), HandoverTerms.id.desc())


def buyers_named(search: str) -> Select[Business]:
    """Approved businesses by part of a name or the beginning of a tax code, exact names first."""
    name = fold(search)
    return (
        select(Business)
        .where(
            Business.status == BusinessStatus.APPROVED,
            or_(
                Business.folded_name.contains(name, autoescape=True),
                Business.tax_code.startswith(search, autoescape=True),
            ),
        )
        .order_by(Business.folded_name != name, Business.folded_name, Business.id)
        .limit(8)
    )


LISTED = (
    joinedload(Handover.batch).joinedload(Batch.product).joinedload(Product.photo),
    joinedload(Handover.seller),
    joinedload(Handover.buyer),
    joinedload(Handover.case),
)
"""What a list of deliveries names of each, and what the page of one does."""
NAMED = (*LISTED, joinedload(Handover.seller_site), joinedload(Handover.buyer_site))


def _whole() -> Select[Handover]:
    return select(Handover).options(*LISTED)
