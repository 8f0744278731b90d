"""From a code on a label to everything that a shopper may know about its batch."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
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
from ..domain.laboratory import LaboratoryStatus
from ..domain.public_batches import (
    Correction,
    PublicBatch,
    PublicBusiness,
    PublicCertificate,
    PublicDiary,
    PublicOrigin,
    PublicPhoto,
    PublicRecall,
    PublicStep,
)
from ..domain.public_code import InvalidPublicCode
from ..domain.stages import Chain, chain_of
from ..domain.steps import TAKEN_BACK
from ..domain.verdicts import verdicts
from ..domain.vocabulary import BusinessStep, Disposition, EventType
from ..storage import resolver as questions
from ..storage.addresses import gazetteer
from ..storage.questions import DriverConnection, outside_transactions, question
from .clock import today

_TOLD_WRONG = TAKEN_BACK | {BusinessStep.LABORATORY_TESTING}
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
    if not rows:
        return Resolution(code, None)
    row, before = rows[0], []
    if row.made_of_others:
        before = question(questions.steps_before, dialect).ask(connection, batch_id=row.id)
    return Resolution(code, _public_batch(row, before))


def _wrong(connection: Connection, typed: str, fault: InvalidPublicCode) -> Resolution:
    candidates = public_code.nearest(typed[:40])
    found = set(connection.scalars(questions.existing_codes(candidates))) if candidates else set()
    return Resolution(typed, None, tuple(code for code in candidates if code in found), fault)


def _public_batch(row: Any, before: Sequence[Any]) -> PublicBatch:
    """``before`` are rows of ``storage.resolver.steps_before``."""
    day = today()
    certificates = _certificates(row, day)
    recorded = _recorded_steps(row.steps)
    standing_steps = [step for step in recorded if step.wrong is None]
    communes_of = gazetteer().commune
    home = communes_of(row.business_commune).full_name
    street = row.business_street if row.visibility.get("street") else ""
    chain = _chain(row.chain)
    complete = completeness(
        BatchFacts(
            product_name=row.product_name,
            has_image=row.photo_sha256 is not None,
            business_name=row.business_name,
            business_address=home,
            stages=[
                StageFacts(each.step, row.gtin or row.public_code, each.location_code, each.at)
                for each in standing_steps
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
            held=row.hold_id is not None,
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
        steps=_whole_path(_with_gaps(recorded, complete, chain), before),
        more_steps=len(before) > questions.MOST_BEFORE,
        certificates=certificates,
        completeness=complete,
        published_at=row.published_at,
        corrections=tuple(Correction(vietnam_date(each.at), each.reason) for each in row.corrections),
        withdrawn_on=row.withdrawn_at and vietnam_date(row.withdrawn_at),
        withdrawn_reason=row.withdrawn_reason,
        under_review_on=row.under_review_since and vietnam_date(row.under_review_since),
        diary=_diary(row),
        recall=_recall(row) if row.recall_number else None,
        commune_codes=(*_places(before[: questions.MOST_BEFORE])[::-1], row.site_commune, *_places(row.steps)[::-1]),
    )


@lru_cache(maxsize=256)
def _chain(template: str) -> Chain:
    return chain_of(json.loads(template))


def _recorded_steps(rows: Sequence[Any]) -> list[PublicStep]:
    """Newest first. Of those that were declared wrong, what was done with the goods: a making is corrected with its
    batch, and why a delivery was not taken is between two businesses."""
    wrong = {
        event.hash: Correction(vietnam_date(event.record_time), event.said or "")
        for event in rows
        if event.declares_error
    }
    return [
        _step(event, wrong.get(event.hash))
        for event in rows
        if not event.declares_error and (event.hash not in wrong or event.business_step in _TOLD_WRONG)
    ]


def _step(event: Any, wrong: Correction | None) -> PublicStep:
    coldest, warmest, alarming = _temperatures(event.sensed)
    confirmed = event.laboratory_status in (LaboratoryStatus.CONFIRMED, LaboratoryStatus.RELEASED)
    return PublicStep(
        BusinessStep(event.business_step),
        evidence_of(event.evidence, event.handover_status, inspected=confirmed or event.inspected),
        event.event_time,
        event.record_time,
        event.business_name,
        gazetteer().commune(event.site_commune or event.business_commune).full_name,
        event.site_gln or event.site_code or "",
        lot=getattr(event, "lot", ""),
        product=getattr(event, "product", ""),
        made_of_others=event.type == EventType.TRANSFORMATION,
        passed=None if event.disposition is None else event.disposition == Disposition.CONFORMANT,
        laboratory=event.laboratory or "",
        report=event.report or "",
        coldest=coldest,
        warmest=warmest,
        alarming=alarming,
        wrong=wrong,
    )


def _temperatures(sensed: Any) -> tuple[float | None, float | None, bool]:
    """Lowest, highest and whether one was alarming, of sensor reports as text, or as a database took them apart."""
    for report in json.loads(sensed) if isinstance(sensed, str) else sensed or ():
        if report["type"] == "Temperature":
            low, high = (report.get(name, report.get("value")) for name in ("minValue", "maxValue"))
            return low, high, "exception" in report
    return None, None, False


def _places(rows: Sequence[Any]) -> list[str]:
    """Communes of what stands, newest first."""
    wrong = {event.hash for event in rows if event.declares_error}
    return [event.site_commune or event.business_commune for event in rows if event.hash not in wrong]


def _whole_path(steps: tuple[PublicStep, ...], before: Sequence[Any]) -> tuple[PublicStep, ...]:
    """The batch's own steps, then those of what it was made of; each newest first."""
    return (*steps, *_recorded_steps(before[: questions.MOST_BEFORE]))


def _diary(row: Any) -> PublicDiary | None:
    if not row.diary_entries:
        return None
    since = (row.production_date - row.treated_on).days if row.treated_on else None
    return PublicDiary(row.diary_entries, since)


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
