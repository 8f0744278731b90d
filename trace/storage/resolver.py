"""What the shopper's page reads: one question, and one more where a batch was made of others, answered from indexes
whatever the size of the database.

It asks for columns, not objects: this is the page that everyone opens.
"""

from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Select, Text, and_, bindparam, case, cast, exists, func, or_, select
from sqlalchemy.orm import aliased

from ..domain.batches import BatchStatus
from ..domain.certificates import CertificateStatus
from ..domain.diary import EntryKind
from ..domain.files import Audience
from ..domain.vocabulary import STOCK_STEPS, BusinessStep
from .balance import Link
from .batches import Batch, BatchVersion
from .businesses import Business
from .certificates import Certificate, covers
from .chain import Event, of_one_batch
from .diary import BatchSeason, DiaryEntry
from .files import StoredFile
from .handovers import RECEIVED, Handover
from .inspections import was_inspected
from .laboratory import LaboratoryTest
from .products import Product
from .questions import around, nested
from .recalls import Recall
from .sites import Site
from .stages import expected_stages

PUBLIC_STATUSES = (BatchStatus.PUBLISHED, BatchStatus.WITHDRAWN)
_NOT_SHOWN = sorted(STOCK_STEPS)
_MOST = 100  # steps or certificates that one page shows
MOST_BEFORE = 24  # steps of what it was made of: a page stays light

_SENSED = ("sensorElementList", 0, "sensorReport")
"""Of storing: the first element sums up all readings."""


def _of(body_path: tuple[str | int, ...], *steps: BusinessStep) -> ColumnElement[Any]:
    """A part of the event's body as text; read for these steps only, as to take JSON apart costs more than a row."""
    return case(
        (or_(*(Event.business_step == step.value for step in steps)), Event.body[body_path].as_string()), else_=None
    )


_step_columns = (
    Event.business_step,
    Event.type,
    Event.event_time,
    Event.record_time,
    Event.evidence,
    Event.hash,
    Event.declares_error,
    Event.business_id,
    Business.legal_name.label("business_name"),
    Business.commune_code.label("business_commune"),
    Site.code.label("site_code"),
    Site.gln.label("site_gln"),
    Site.commune_code.label("site_commune"),
    Handover.status.label("handover_status"),
    LaboratoryTest.laboratory,
    LaboratoryTest.report,
    LaboratoryTest.status.label("laboratory_status"),
    was_inspected(Event.id).label("inspected"),
    _of(("disposition",), BusinessStep.INSPECTING, BusinessStep.LABORATORY_TESTING).label("disposition"),
    _of(_SENSED, BusinessStep.STORING).label("sensed"),
    case((Event.declares_error, Event.body[("errorDeclaration", "trace:said")].as_string()), else_=None).label("said"),
)
_happened = (
    select(*_step_columns)
    .join(Business, Business.id == Event.business_id)
    .outerjoin(Site, Site.id == Event.site_id)
    .outerjoin(LaboratoryTest, LaboratoryTest.event_id == Event.id)
    .outerjoin(Handover, Handover.id == Event.handover_id)
    .where(of_one_batch(), *(Event.business_step != step for step in _NOT_SHOWN))
    .order_by(Event.event_time.desc(), Event.id.desc())
)
"""Newest first, with the events that a later one (``declares_error``, same hash) declares wrong."""
_steps = _happened.where(Event.batch_id == around(Batch.id)).limit(_MOST)

_ancestors = select(Link.parent_id.label("id")).where(Link.child_id == bindparam("batch_id")).cte("a", recursive=True)
_ancestors = _ancestors.union(select(Link.parent_id).join(_ancestors, Link.child_id == _ancestors.c.id))
_child = aliased(Batch)
_carriers = (
    select(Link.parent_id.label("batch_id"), _child.business_id)
    .join(_child, _child.id == Link.child_id)
    .where(or_(Link.child_id == bindparam("batch_id"), Link.child_id.in_(select(_ancestors.c.id))))
    .cte("carriers", recursive=True)
)
_carriers = _carriers.union(
    select(Handover.batch_id, Handover.seller_id)
    .join(_carriers, and_(Handover.batch_id == _carriers.c.batch_id, Handover.buyer_id == _carriers.c.business_id))
    .where(or_(*(Handover.status == status for status in RECEIVED)))
)
"""Who made something of a part on the way to the batch, and who gave it to one of these."""
_carried_on = exists().where(_carriers.c.batch_id == Event.batch_id, _carriers.c.business_id == Handover.buyer_id)
steps_before = (
    _happened.add_columns(Batch.lot, Product.name.label("product"))
    .join(_ancestors, _ancestors.c.id == Event.batch_id)
    .join(Batch, Batch.id == Event.batch_id)
    .join(Product, Product.id == Batch.product_id)
    .where(or_(Event.handover_id.is_(None), _carried_on))
    .limit(MOST_BEFORE + 1)
)
"""What happened to all that a batch was made of, newest first. Asked only where it was made of others.

What of a part went to others than its carriers is no step of this batch.
"""

_treated = [kind for kind in EntryKind if kind.has_interval]
_entry, _later = aliased(DiaryEntry), aliased(DiaryEntry)
_written = (
    select(_entry.id)
    .join(BatchSeason, BatchSeason.season_id == _entry.season_id)
    .where(BatchSeason.batch_id == Batch.id, _entry.happened_on <= Batch.production_date)
    .correlate(Batch)
)
_root = func.coalesce(_entry.corrects_id, _entry.id)
_corrected = exists().where(or_(_later.corrects_id == _root, _later.id == _root), _later.id > _entry.id)
diary_entries = _written.with_only_columns(func.count()).where(_entry.corrects_id.is_(None)).scalar_subquery()
treated_on = (
    _written.with_only_columns(func.max(_entry.happened_on))
    .where(or_(*(_entry.kind == kind for kind in _treated)), ~_corrected)
    .scalar_subquery()
)

_certificates = (
    select(
        Certificate.scheme,
        Certificate.number,
        Certificate.issuer,
        Certificate.status,
        Certificate.valid_from,
        Certificate.valid_until,
        Certificate.checked_at,
    )
    .where(
        covers(around(Batch.business_id), around(Batch.site_id), around(Batch.product_id)),
        Certificate.status != CertificateStatus.REFUSED,
    )
    .order_by(Certificate.valid_from.desc(), Certificate.id.desc())
    .limit(_MOST)
)
"""The certificates whose scope covers the batch's site and product, whatever their dates."""

_corrections = (
    select(BatchVersion.at, BatchVersion.reason)
    .where(BatchVersion.batch_id == around(Batch.id), BatchVersion.number > 1)
    .order_by(BatchVersion.number.desc())
    .limit(_MOST)
)

batch_by_code = (
    select(
        Batch.id,
        Batch.business_id,
        Batch.product_id,
        Batch.site_id,
        Batch.public_code,
        Batch.lot,
        Batch.status,
        Batch.production_date,
        Batch.best_before,
        Batch.published_at,
        Batch.corrected_at,
        Batch.withdrawn_at,
        Batch.withdrawn_reason,
        Batch.under_review_since,
        Batch.hold_id,
        Recall.number.label("recall_number"),
        Recall.recall_class,
        Recall.confirmed_at.label("recalled_at"),
        Recall.reason.label("recall_reason"),
        Recall.instructions.label("recall_instructions"),
        Recall.phone.label("recall_phone"),
        Product.name.label("product_name"),
        Product.name_en.label("product_name_en"),
        Product.commodity,
        Product.brand,
        Product.gtin,
        Product.standards,
        Product.packaging_material,
        StoredFile.sha256.label("photo_sha256"),
        StoredFile.width.label("photo_width"),
        StoredFile.height.label("photo_height"),
        Business.legal_name.label("business_name"),
        Business.kind.label("business_kind"),
        Business.status.label("business_status"),
        Business.decided_at.label("business_decided_at"),
        Business.phone.label("business_phone"),
        Business.street.label("business_street"),
        Business.commune_code.label("business_commune"),
        Business.visibility,
        Site.kind.label("site_kind"),
        Site.code.label("site_code"),
        Site.gln.label("site_gln"),
        Site.commune_code.label("site_commune"),
        Site.growing_area_code,
        exists().where(Link.child_id == Batch.id).label("made_of_others"),
        diary_entries.label("diary_entries"),
        treated_on.label("treated_on"),
        nested(_steps).label("steps"),
        nested(_certificates).label("certificates"),
        nested(_corrections).label("corrections"),
        cast(expected_stages(), Text).label("chain"),  # as text, which is the same for many batches
    )
    .join(Product, Product.id == Batch.product_id)
    .join(Business, Business.id == Batch.business_id)
    .join(Site, Site.id == Batch.site_id)
    .outerjoin(Recall, Recall.id == Batch.recall_id)
    .outerjoin(StoredFile, and_(StoredFile.id == Product.photo_id, StoredFile.audience == Audience.PUBLIC))
    .where(Batch.public_code == bindparam("code"))
)
"""One row for ``code``, with everything about the batch that a shopper may see, and what decides whether they may."""


def existing_codes(codes: list[str]) -> Select[str]:
    """Those of ``codes`` that were minted."""
    return select(Batch.public_code).where(Batch.public_code.in_(codes))  # type: ignore[return-value]


def batches_of_gtin(gtin: str, lot: str | None) -> "Select[str, str, date, date | None, str, str, str]":
    """The public batches of a GTIN of 14 digits, of one lot or the newest of all; more than one business may use it.

    Rows: public code, lot, production date, best-before date, product name, its English name, business name.
    """
    statement = (
        select(
            Batch.public_code,
            Batch.lot,
            Batch.production_date,
            Batch.best_before,
            Product.name,
            Product.name_en,
            Business.legal_name,
        )
        .join(Product, Product.id == Batch.product_id)
        .join(Business, Business.id == Batch.business_id)
        .where(Product.gtin == gtin, Batch.status.in_(PUBLIC_STATUSES))
        .order_by(Batch.id.desc())
        .limit(20)
    )
    return statement if lot is None else statement.where(Batch.lot == lot)  # type: ignore[return-value]
