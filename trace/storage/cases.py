"""Cases, what is in them, and who has them."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, Select, UniqueConstraint, exists, func, select
from sqlalchemy.orm import Mapped, joinedload, mapped_column, relationship, selectinload

from ..domain.cases import CaseStatus
from ..domain.identifiers import Gln
from .batches import Batch
from .businesses import Business
from .database import Base, PrimaryKey
from .products import Product
from .sites import Site


class Case(Base):
    """What is in it stays as it was packed, also once it was unpacked."""

    __tablename__ = "cases"
    __table_args__ = (
        UniqueConstraint("packed_by_id", "client_key"),
        Index("ix_cases_business", "business_id", "id"),
    )

    id: Mapped[PrimaryKey]
    code: Mapped[str] = mapped_column(unique=True)
    """An SSCC (18 digits), or a code of ours in the form of a batch's (10 characters)."""
    business_id: Mapped[int] = mapped_column(ForeignKey("businesses.id"))
    """Who has it; its seller until the buyer received it."""
    site_id: Mapped[int] = mapped_column(ForeignKey("sites.id"))
    """Where it was packed, or received last."""
    status: Mapped[CaseStatus]
    packed_by_id: Mapped[int] = mapped_column(ForeignKey("businesses.id"))
    packed_at: Mapped[datetime]
    client_key: Mapped[str | None]
    """Made with the form: the same form sent twice packs one case."""

    site: Mapped[Site] = relationship()
    packed_by: Mapped[Business] = relationship(foreign_keys=packed_by_id)
    contents: Mapped[list["CaseContent"]] = relationship(order_by="CaseContent.batch_id")

    @property
    def has_sscc(self) -> bool:
        return len(self.code) == 18


class CaseContent(Base):
    __tablename__ = "case_contents"
    __table_args__ = (CheckConstraint("amount > 0", name="positive"),)

    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id"), primary_key=True)
    batch_id: Mapped[int] = mapped_column(ForeignKey("batches.id"), primary_key=True, index=True)
    amount: Mapped[int]
    """In the base unit of the batch's product."""

    batch: Mapped[Batch] = relationship()

    @property
    def product(self) -> Product:
        return self.batch.product


def cases_of(business_id: int, *, batch_id: int | None = None) -> Select[Case]:
    """A business's cases that are not unpacked, with what is in them; ``batch_id``: only those with some of it."""
    statement = _whole().where(Case.business_id == business_id, Case.status != CaseStatus.UNPACKED)
    return statement if batch_id is None else statement.where(Case.contents.any(CaseContent.batch_id == batch_id))


def case_with(case_id: int) -> Select[Case]:
    return _whole().where(Case.id == case_id)


def case_of_form(business_id: int, client_key: str) -> Select[Case]:
    """What the form with this key packed, if it was sent before."""
    return select(Case).where(Case.packed_by_id == business_id, Case.client_key == client_key)


def last_code_under(gln: Gln) -> Select[str | None]:
    """The greatest SSCC that begins, after its extension digit, with the GLN's own twelve digits."""
    return select(func.max(Case.code)).where(
        func.length(Case.code) == 18, func.substr(Case.code, 2, 12) == gln.value[:12]
    )


def is_packed(batch_id: int) -> Select[bool]:
    """Whether any of a batch is in a case, or ever was."""
    return select(exists().where(CaseContent.batch_id == batch_id))


def _whole() -> Select[Case]:
    contents = selectinload(Case.contents).joinedload(CaseContent.batch)
    return select(Case).options(contents.joinedload(Batch.product), joinedload(Case.site), joinedload(Case.packed_by))
