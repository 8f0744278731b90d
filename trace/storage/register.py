"""What the department asks of all businesses at once: its register, its queues and how long they are."""

from datetime import date, timedelta

from sqlalchemy import ColumnElement, Select, and_, or_, select
from sqlalchemy.orm import joinedload

from ..domain.approvals import ApprovalKind, ApprovalStatus
from ..domain.businesses import BusinessKind, BusinessStatus
from ..domain.certificates import LAPSE_NOTICE_DAYS, CertificateState, CertificateStatus
from ..domain.text import fold
from .approvals import Approval
from .batches import Batch
from .businesses import Business
from .certificates import Certificate
from .diary_flags import open_flag_count
from .excesses import unseen_count
from .risks import BusinessRisk


def businesses_where(
    *,
    search: str = "",
    kind: BusinessKind | None = None,
    status: BusinessStatus | None = None,
    commune_code: str = "",
    certificates: CertificateState | None = None,
    on: date,
) -> Select[Business]:
    """``search`` is part of a name, or the beginning of a tax code; ``on`` is the day certificates are judged by."""
    statement = select(Business)
    if search:
        statement = statement.where(
            or_(
                Business.folded_name.contains(fold(search), autoescape=True),
                Business.tax_code.startswith(search, autoescape=True),
            )
        )
    if kind is not None:
        statement = statement.where(Business.kind == kind)
    if status is not None:
        statement = statement.where(Business.status == status)
    if commune_code:
        statement = statement.where(Business.commune_code == commune_code)
    if certificates is not None:
        statement = statement.where(_has(certificates, on))
    return statement


def certificates_where(
    *, status: CertificateStatus | None = None, business_id: int | None = None
) -> Select[Certificate]:
    """With their businesses."""
    statement = select(Certificate).options(joinedload(Certificate.business))
    if status is not None:
        statement = statement.where(Certificate.status == status)
    if business_id is not None:
        statement = statement.where(Certificate.business_id == business_id)
    return statement


def batches_where(
    *, business_id: int | None = None, code: str = "", lot: str = "", published: bool = False
) -> Select[Batch]:
    """With their businesses, products and sites. ``code`` or ``lot``, whole and in capitals, is enough."""
    statement = select(Batch).options(joinedload(Batch.business), joinedload(Batch.product), joinedload(Batch.site))
    if business_id is not None:
        statement = statement.where(Batch.business_id == business_id)
    if code or lot:
        statement = statement.where(or_(Batch.public_code == code, Batch.lot == lot.upper()))
    return statement.where(Batch.public_code.is_not(None)) if published else statement


def waiting_at(business_id: int) -> Select[Approval | None, int, int, BusinessRisk | None]:
    """One row of a business: the suspension that waits for a second person, unseen excesses, open warnings of diaries, risk."""
    proposed = and_(
        Approval.kind == ApprovalKind.SUSPENSION,
        Approval.subject_id == Business.id,
        Approval.status == ApprovalStatus.OPEN,
    )
    counts = unseen_count(business_id).scalar_subquery(), open_flag_count(business_id).scalar_subquery()
    return (
        select(Approval, *counts, BusinessRisk)
        .select_from(Business)
        .outerjoin(Approval, proposed)
        .outerjoin(BusinessRisk, BusinessRisk.business_id == Business.id)
        .options(joinedload(BusinessRisk.weights))
        .where(Business.id == business_id)
    )


def _has(state: CertificateState, on: date) -> ColumnElement[bool]:
    verified = and_(Certificate.business_id == Business.id, Certificate.status == CertificateStatus.VERIFIED)
    in_date = and_(
        verified,
        Certificate.valid_from <= on,
        or_(Certificate.valid_until.is_(None), Certificate.valid_until >= on),
    )

    def some(condition: ColumnElement[bool]) -> ColumnElement[bool]:
        return select(Certificate.id).where(condition).correlate(Business).exists()

    match state:
        case CertificateState.VALID:
            return some(in_date)
        case CertificateState.LAPSING:
            return some(and_(in_date, Certificate.valid_until < on + timedelta(days=LAPSE_NOTICE_DAYS)))
        case CertificateState.LAPSED:
            return and_(some(and_(verified, Certificate.valid_until < on)), ~some(in_date))
        case CertificateState.NONE:
            return ~some(verified)
