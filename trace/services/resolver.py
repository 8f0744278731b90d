"""From a code on a label to everything that a shopper may know about its batch."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Connection, Dialect, Engine, Row
from sqlalchemy.orm import Session

from ..domain import public_code
from ..domain.businesses import BusinessStatus
from ..domain.certificates import Standing, standing
from ..domain.completeness import BatchFacts, Completeness, StageFacts, completeness
from ..domain.dates import days_left, vietnam_date
from ..domain.digital_link import DigitalLink
from ..domain.evidence import Evidence
from ..domain.handovers import evidence_of
from ..domain.public_batches import (
    Correction,
    PublicBatch,
    PublicBusiness,
    PublicCertificate,
    PublicOrigin,
    PublicPhoto,
    PublicRecall,
    PublicStep,
)
from ..domain.public_code import InvalidPublicCode
from ..domain.stages import Chain, chain_of
from ..domain.verdicts import verdicts
from ..domain.vocabulary import BusinessStep
from ..storage import resolver as questions
from ..storage.addresses import gazetteer
from ..storage.questions import DriverConnection, outside_transactions, question
from .clock import today

Columns = Row[*tuple[Any, ...]]


@dataclass(frozen=True, slots=True)
class Resolution:
    """``batch`` is None where the code leads nowhere. ``nearest`` are existing codes one slip away from what was typed;
    ``fault`` says what is wrong with it, None for a well-formed code that was never given out."""

    code: str
    batch: PublicBatch | None
    nearest: tuple[str, ...] = ()
    fault: InvalidPublicCode | None = None


def resolve(session: Session, typed: str) -> Resolution:
    """Look up a code as typed or scanned, within the session's transaction. Never raises for a wrong one."""
    connection = session.connection()
    try:
        code = public_code.parse(typed)
    except InvalidPublicCode as fault:
        return _wrong(connection, typed, fault)
    return _resolve(connection.connection, connection.dialect, code)


def resolve_quickly(engine: Engine, typed: str) -> Resolution:
    """The same for a reader who has no transaction, at a third of the price."""
    try:
        code = public_code.parse(typed)
    except InvalidPublicCode as fault:
        with engine.connect() as connection:
            return _wrong(connection, typed, fault)
    with outside_transactions(engine) as driver:
        return _resolve(driver, engine.dialect, code)


def batches_of_link(session: Session, link: DigitalLink) -> Sequence[Columns]:
    """What a GS1 Digital Link names: rows of ``storage.resolver.batches_of_gtin``, newest first."""
    return session.execute(questions.batches_of_gtin(link.gtin.value, link.lot)).all()


def _resolve(connection: DriverConnection, dialect: Dialect, code: str) -> Resolution:
    rows = question(questions.batch_by_code, dialect).ask(connection, code=code)
    return Resolution(code, _public_batch(rows[0]) if rows else None)


def _wrong(connection: Connection, typed: str, fault: InvalidPublicCode) -> Resolution:
    candidates = public_code.nearest(typed[:40])
    found = set(connection.scalars(questions.existing_codes(candidates))) if candidates else set()
    return Resolution(typed, None, tuple(code for code in candidates if code in found), fault)


def _public_batch(row: Any) -> PublicBatch:
    day = today()
    certificates = _certificates(row, day)
    recorded, communes = _recorded_steps(row)
    communes_of = gazetteer().commune
    home = communes_of(row.business_commune).full_name
    street = row.business_street if row.visibility.get("street") else ""
    chain = chain_of(row.chain)
    complete = completeness(
        BatchFacts(
            product_name=row.product_name,
            has_image=row.photo_sha256 is not None,
            business_name=row.business_name,
            business_address=home,
            stages=[
                StageFacts(each.step, row.gtin or row.public_code, each.location_code, each.at) for each in recorded
            ],
            production_date=row.production_date,
            public_code=row.public_code,
            brand=row.brand,
            best_before=row.best_before,
            standards=[*row.standards, *_standards(certificates)],
        ),
        chain,
    )
    return PublicBatch(
        id=row.id,
        code=row.public_code,
        lot=row.lot,
        verdicts=verdicts(
            batch=row.status,
            business=row.business_status,
            best_before=row.best_before,
            complete=complete.complete,
            today=day,
            under_review=row.under_review_since is not None,
            recalled=row.recall_number is not None,
        ),
        product_name=row.product_name,
        product_name_en=row.product_name_en,
        brand=row.brand,
        commodity=row.commodity,
        gtin=row.gtin,
        standards=tuple(row.standards),
        packaging_material=row.packaging_material,
        photo=row.photo_sha256 and PublicPhoto(row.photo_sha256, row.photo_width, row.photo_height),
        production_date=row.production_date,
        best_before=row.best_before,
        days_left=None if row.best_before is None else days_left(row.best_before, day),
        business=PublicBusiness(
            row.business_name,
            row.business_kind,
            home,
            street,
            row.business_phone if row.visibility.get("phone") else "",
            vietnam_date(row.business_decided_at) if row.business_status is BusinessStatus.SUSPENDED else None,
        ),
        origin=PublicOrigin(row.site_kind, communes_of(row.site_commune).full_name, row.growing_area_code),
        steps=_with_gaps(recorded, complete, chain),
        certificates=certificates,
        completeness=complete,
        published_at=row.published_at,
        corrections=tuple(Correction(vietnam_date(each.at), each.reason) for each in row.corrections),
        withdrawn_on=row.withdrawn_at and vietnam_date(row.withdrawn_at),
        withdrawn_reason=row.withdrawn_reason,
        under_review_on=row.under_review_since and vietnam_date(row.under_review_since),
        recall=_recall(row) if row.recall_number else None,
        commune_codes=(row.site_commune, *communes),
    )


def _recorded_steps(row: Any) -> tuple[list[PublicStep], list[str]]:
    """The steps newest first, and their communes first to last."""
    wrong = {event.hash for event in row.steps if event.declares_error}
    communes_of = gazetteer().commune
    steps, communes = [], []
    for event in row.steps:
        if event.hash in wrong:
            continue
        commune = event.site_commune or event.business_commune
        communes.append(commune)
        steps.append(
            PublicStep(
                BusinessStep(event.business_step),
                evidence_of(event.evidence, event.handover_status),
                event.event_time,
                event.record_time,
                event.business_name,
                communes_of(commune).full_name,
                event.site_gln or event.site_code or "",
            )
        )
    return steps, communes[::-1]


def _with_gaps(recorded: list[PublicStep], complete: Completeness, chain: Chain) -> tuple[PublicStep, ...]:
    """Each missing stage stands where the commodity's chain expects it."""
    steps = list(recorded)
    order = {stage.step: place for place, stage in enumerate(chain)}
    for missing in complete.missing_stages:
        later = [place for place, each in enumerate(steps) if order.get(each.step, -1) > order[missing]]
        steps.insert(later[-1] + 1 if later else 0, PublicStep(missing, Evidence.MISSING))
    return tuple(steps)


def _certificates(row: Any, day: date) -> tuple[PublicCertificate, ...]:
    """Valid ones first; one that did not cover the production date stays only while nothing else of its scheme did."""
    judged = [
        PublicCertificate(
            found.scheme,
            found.number,
            found.issuer,
            found.status,
            found.valid_from,
            found.valid_until,
            found.checked_at and vietnam_date(found.checked_at),
            standing(found, row.production_date),
            standing(found, day),
        )
        for found in row.certificates
    ]
    judged.sort(key=lambda each: each.at_production is not Standing.VALID)
    covered = {each.scheme for each in judged if each.at_production is Standing.VALID}
    shown: dict[object, PublicCertificate] = {}
    for each in judged:
        key = (each.scheme, each.number) if each.at_production is Standing.VALID else each.scheme
        if each.at_production is Standing.VALID or each.scheme not in covered:
            shown.setdefault(key, each)
    return tuple(shown.values())


def _standards(certificates: Sequence[PublicCertificate]) -> list[str]:
    return [each.scheme for each in certificates if each.scheme.is_standard and each.at_production is Standing.VALID]


def _recall(row: Any) -> PublicRecall:
    return PublicRecall(
        row.recall_number,
        row.recall_class,
        vietnam_date(row.recalled_at),
        row.recall_reason,
        row.recall_instructions,
        row.recall_phone,
    )
