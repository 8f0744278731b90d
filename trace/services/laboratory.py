"""Laboratories' reports: handed in with their paper, judged by officers, and keeping back what failed."""

from dataclasses import asdict

from sqlalchemy.orm import Session

from ..domain.balance import check_movement
from ..domain.batches import BatchStatus, BatchStepNotPossible
from ..domain.businesses import ReasonRequired
from ..domain.dates import in_vietnam
from ..domain.diary import FlagKind
from ..domain.errors import N_
from ..domain.evidence import Evidence
from ..domain.files import Audience
from ..domain.laboratory import (
    LONGEST_TEXT,
    Finding,
    LaboratoryFacts,
    LaboratoryStatus,
    LaboratoryTestFailed,
    ReportAlreadySubmitted,
    check_decision,
    check_findings,
    write_findings,
)
from ..domain.permissions import Actor, Permission, require
from ..domain.steps import disposition_of
from ..domain.text import clean, clean_lines
from ..domain.vocabulary import BusinessStep
from ..storage.batches import Batch
from ..storage.chain import Event
from ..storage.diary_flags import DiaryFlag, flags_keeping_back
from ..storage.files import StoredFile
from ..storage.laboratory import LaboratoryTest, failed_tests, reports_without_event, same_report
from ..storage.sites import Site
from . import audit, chain, diary_flags, notices, reviews, steps
from .changes import Faults, load_for_change
from .clock import now
from .completeness import lock, recount
from .files import Proof, store_document
from .recording import reachable


def submit(
    session: Session,
    actor: Actor,
    business_id: int,
    batch_id: int,
    facts: LaboratoryFacts,
    *,
    paper: Proof | None,
    public_url: str,
) -> LaboratoryTest:
    """Hand in a report on a batch that the business made or holds, also while it is a draft; the same one twice is one.

    A failed result keeps the batch, and all that was made of it, back at once, until an officer decides.
    Raises NotFound, BatchStepNotPossible, InvalidFields or ReportAlreadySubmitted.
    """
    require(actor, Permission.BATCHES_WRITE, business_id)
    reachable(session, business_id, batch_id)
    batch = lock(session, batch_id, recalled=True)
    if batch.status is BatchStatus.WITHDRAWN:
        raise BatchStepNotPossible
    test = _checked(session, actor, business_id, batch, facts, paper)
    asked = same_report(business_id, batch_id, test.laboratory, test.report)
    if earlier := session.scalars(asked).first():
        if (earlier.sampled_at, earlier.passed) != (test.sampled_at, test.passed):
            raise ReportAlreadySubmitted(field="report", report=test.report)
        session.rollback()
        return earlier
    assert paper  # noqa: S101 - its absence was raised in _checked
    test.document = store_document(
        session, paper.store, business_id=business_id, audience=Audience.BUSINESS, data=paper.data, field="paper"
    )
    session.add(test)
    session.flush()
    if batch.public_code:
        _write_down(session, actor, test, public_url, facts)
    audit.record(session, actor, "laboratory:submit", test, changes={"report": test.report, "passed": test.passed})
    if not test.passed:
        reviews.keep_failed_back(session, test)
    _tell(session, test)
    session.commit()
    return test


def decide(
    session: Session,
    actor: Actor,
    test_id: int,
    decision: LaboratoryStatus,
    *,
    reason: str = "",
    version: int | None = None,
) -> LaboratoryTest:
    """An officer compared the paper with what was typed. A confirmed pass clears what an early harvest kept back;
    a failed batch is released with a reason, and a paper that does not count is refused with one.

    Raises LaboratoryStepNotPossible, ReasonRequired or Conflict.
    """
    test = load_for_change(session, LaboratoryTest, test_id, version)
    require(actor, Permission.LABORATORY_DECIDE, test.business_id)
    check_decision(test.status, decision, passed=test.passed)
    reason = clean_lines(reason, field="reason")
    if not reason and decision is not LaboratoryStatus.CONFIRMED:
        raise ReasonRequired(N_("Hãy ghi lý do; cơ sở và người mua cũng đọc được."), field="reason")
    test.status, test.reason = decision, reason
    test.decided_at, test.decided_by_name = now(), actor.name
    session.flush()
    if decision is LaboratoryStatus.CONFIRMED and test.passed:
        _clear_flags(session, actor, test)
    if decision is LaboratoryStatus.REFUSED and (event := session.get(Event, test.event_id or 0)):
        chain.declare_wrong(session, actor, event, reason="incorrect_data", said=reason)
        recount(session, batch=lock(session, test.batch_id, recalled=True))
    if not test.passed and decision is not LaboratoryStatus.CONFIRMED:
        reviews.release_tested(session, test)
    audit.record(session, actor, "laboratory:decide", test, changes={"decision": decision.value, "reason": reason})
    values = {**_values(test), "reason": reason.rstrip(". ") or "–"}
    notices.tell_business(session, test.business_id, f"laboratory-{decision.value}", values, _link(test))
    session.commit()
    return test


def refuse_failed(session: Session, batch: Batch) -> None:
    """Raises LaboratoryTestFailed while a failed test of the batch itself keeps it back."""
    if failed := session.scalars(failed_tests(batch.id)).first():
        raise LaboratoryTestFailed(report=failed.report)


def write_down_waiting(session: Session, actor: Actor, batch: Batch, public_url: str) -> None:
    """Within the verb that publishes a batch: the events of the reports that came while it was a draft."""
    for test in session.scalars(reports_without_event(batch.id)).all():
        _write_down(session, actor, test, public_url)


def cleared_by(session: Session, test: LaboratoryTest) -> list[DiaryFlag]:
    """What an early harvest keeps back of this batch, and confirming a pass lets go."""
    kinds = [kind for kind in FlagKind if kind.blocks_publishing]
    return list(session.scalars(flags_keeping_back(test.batch, kinds))) if test.passed else []


def _clear_flags(session: Session, actor: Actor, test: LaboratoryTest) -> None:
    for flag in cleared_by(session, test):
        locked = load_for_change(session, DiaryFlag, flag.id)
        said = f"{test.laboratory}, {test.report}: ✓"
        diary_flags.conclude(session, actor, locked, test.reason or said, evidence_id=test.document_id)


def _checked(
    session: Session, actor: Actor, business_id: int, batch: Batch, facts: LaboratoryFacts, paper: Proof | None
) -> LaboratoryTest:
    faults = Faults()
    site = session.get(Site, facts.site_id)
    if site is None or site.business_id != business_id:
        faults.add(N_("Hãy chọn nơi lấy mẫu trong danh sách địa điểm của cơ sở."), field="site_id")
    if paper is None:
        faults.add(N_("Hãy chụp ảnh hoặc chọn tệp PDF của phiếu kiểm nghiệm."), field="paper")
    laboratory, report = clean(facts.laboratory), clean(facts.report)
    if not laboratory:
        faults.add(N_("Hãy nhập tên phòng kiểm nghiệm."), field="laboratory")
    if not report:
        faults.add(N_("Hãy nhập số phiếu."), field="report")
    faults.attempt(
        check_movement,
        facts.sampled_at,
        lot=batch.lot,
        production_date=batch.production_date,
        now=now(),
        field="sampled_at",
    )
    faults.attempt(disposition_of, BusinessStep.LABORATORY_TESTING, passed=facts.passed)
    faults.attempt(check_findings, facts.findings)
    faults.raise_any()
    return LaboratoryTest(
        batch=batch,
        business_id=business_id,
        site_id=facts.site_id,
        laboratory=laboratory[:LONGEST_TEXT],
        report=report[:LONGEST_TEXT],
        sample=clean(facts.sample)[:LONGEST_TEXT],
        sampled_at=facts.sampled_at,
        passed=bool(facts.passed),
        findings=[asdict(each) for each in facts.findings],
        status=LaboratoryStatus.SUBMITTED,
        recorded_at=now(),
        recorded_by=actor.user_id,
        recorded_by_name=actor.name,
    )


def _write_down(
    session: Session, actor: Actor, test: LaboratoryTest, public_url: str, facts: LaboratoryFacts | None = None
) -> None:
    batch, site = test.batch, session.get_one(Site, test.site_id)
    said = steps.handled(
        batch,
        BusinessStep.LABORATORY_TESTING,
        site,
        at=facts.sampled_at if facts else in_vietnam(test.sampled_at),
        disposition=disposition_of(BusinessStep.LABORATORY_TESTING, passed=test.passed),
        extensions={
            "trace:laboratory": test.laboratory,
            "trace:report": test.report,
            "trace:findings": list(write_findings([Finding(**each) for each in test.findings])),
        },
        public_url=public_url,
    )
    paper = session.get(StoredFile, test.document_id)
    event = chain.append(
        session,
        actor,
        batch,
        site,
        said,
        public_url,
        business_id=test.business_id,
        evidence=Evidence.DOCUMENT,
        document=paper,
    )
    test.event_id = event.id


def _tell(session: Session, test: LaboratoryTest) -> None:
    kind = "laboratory-submitted" if test.passed else "laboratory-failed"
    notices.tell_officers(session, kind, _values(test), f"/authority/laboratory/{test.id}", about=test.business_id)
    if not test.passed and test.batch.business_id != test.business_id:
        link = f"/workspace/{test.batch.business_id}/batches/{test.batch_id}"
        notices.tell_business(session, test.batch.business_id, kind, _values(test), link)


def _values(test: LaboratoryTest) -> dict[str, str]:
    return {
        "business": test.business.legal_name,
        "product": test.batch.product.name,
        "lot": test.batch.lot,
        "report": test.report,
    }


def _link(test: LaboratoryTest) -> str:
    return f"/workspace/{test.business_id}/batches/{test.batch_id}/steps"
