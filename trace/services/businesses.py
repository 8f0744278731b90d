"""Enrolment: a business applies, keeps its profile, and the department decides."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from ..domain.approvals import ApprovalKind
from ..domain.businesses import TRANSITIONS, BusinessKind, BusinessStatus, Decision, transition
from ..domain.dates import format_moment
from ..domain.errors import N_, AlreadyDecided, InvalidInput
from ..domain.files import Audience
from ..domain.identifiers import TaxCode
from ..domain.permissions import Actor, Permission, Role, require
from ..domain.text import clean, clean_lines, fold
from ..storage.accounts import Membership
from ..storage.addresses import gazetteer
from ..storage.approvals import Approval
from ..storage.businesses import Business, BusinessDecision, BusinessDocument, business_with_tax_code
from ..storage.files import FileStore
from . import approvals, audit, coverage, notices
from .changes import Faults, assign, load_for_change, unchanged
from .clock import now
from .completeness import recount
from .files import store_document
from .phones import parse_phone
from .sites import SiteFacts, add_site
from .standings import restand

DOCUMENT_LIMIT = 20  # per business
SHOWABLE = ("phone", "street")
"""What a business may let shoppers see beyond its name and commune."""


class TaxCodeTaken(InvalidInput):
    code = "tax-code-taken"
    message = N_(
        "Mã số thuế %(tax_code)s đã có cơ sở đăng ký. Nếu đó là cơ sở của bạn, hãy nhờ chủ cơ sở mời bạn vào, đừng đăng ký lại."
    )


@dataclass(frozen=True, kw_only=True)
class BusinessFacts:
    """What a business says about itself, as typed; ``former_address`` is filled where an old commune was named."""

    kind: BusinessKind
    legal_name: str
    tax_code: str = ""
    household_number: str = ""
    phone: str
    commune_code: str
    street: str = ""
    former_address: str = ""


@dataclass(frozen=True)
class Upload:
    """A document handed in: its file name, and its bytes."""

    name: str
    data: bytes


def apply(
    session: Session,
    actor: Actor,
    facts: BusinessFacts,
    *,
    site: SiteFacts | None = None,
    documents: Sequence[Upload] = (),
    store: FileStore | None = None,
) -> Business:
    """Enrol a business, whose owner the actor becomes, with its first site and the papers behind it.

    Raises InvalidFields, TaxCodeTaken, or InvalidInput for a document that cannot be kept (field ``documents``).
    """
    require(actor, Permission.BUSINESSES_APPLY)
    values = _checked(session, facts)
    at = now()
    business = Business(
        **values,
        status=BusinessStatus.DRAFT,
        visibility={},
        created_at=at,
        complete_batches=0,
        decisions=[],
        documents=[],
    )
    session.add(business)
    _flush(session, business)
    session.add(Membership(user_id=actor.user_id, business_id=business.id, role=Role.OWNER, created_at=at))
    if site:
        add_site(session, actor, business.id, site)
    if documents:
        _keep_documents(session, actor, store, business, documents)
    audit.record(session, actor, "businesses:apply", business, business_id=business.id, changes=values)
    _decide(session, actor, business, Decision.APPLY, "")
    session.commit()
    return business


def update(
    session: Session, actor: Actor, business_id: int, facts: BusinessFacts, *, version: int | None = None
) -> Business:
    """Change the profile. Raises Conflict when ``version`` is no longer the latest."""
    require(actor, Permission.BUSINESS_WRITE, business_id)
    business = load_for_change(session, Business, business_id, version)
    changes = assign(business, **_checked(session, facts, business))
    _flush(session, business)
    if changes:
        audit.record(session, actor, "businesses:update", business, business_id=business_id, changes=changes)
        recount(session, business_id=business_id)
    session.commit()
    return business


def decide(
    session: Session,
    actor: Actor,
    business_id: int,
    decision: Decision,
    reason: str = "",
    version: int | None = None,
) -> Business:
    """Move an enrolment on and tell those concerned. An officer decides; the owner applies again or withdraws.

    A suspension is only proposed here: it takes effect when another officer approves it. Raises AlreadyDecided where that came to
    nothing because somebody was faster, AlreadyProposed, Conflict, DecisionNotPossible or ReasonRequired.
    """
    if decision.is_officers:
        require(actor, Permission.APPLICATIONS_DECIDE, business_id)
    else:
        require(actor, Permission.BUSINESS_WRITE, business_id)
    business = load_for_change(session, Business, business_id)
    if decision.is_officers and (business.status, decision) not in TRANSITIONS and business.decisions:
        latest = business.decisions[-1]
        raise AlreadyDecided(person=latest.decided_by_name, time=format_moment(latest.at))
    unchanged(business, version)
    reason = clean_lines(reason)
    if decision is Decision.SUSPEND:
        transition(business.status, decision, reason)  # what is not possible is not proposed either
        approvals.propose(
            session,
            actor,
            ApprovalKind.SUSPENSION,
            title=business.legal_name,
            reason=reason,
            subject_id=business_id,
            business_id=business_id,
        )
    else:
        _decide(session, actor, business, decision, reason)
    session.commit()
    return business


def add_documents(
    session: Session, actor: Actor, business_id: int, documents: Sequence[Upload], *, store: FileStore
) -> Business:
    """Put papers with the enrolment. Raises InvalidInput, on ``documents``, and then keeps none of them."""
    require(actor, Permission.BUSINESS_WRITE, business_id)
    business = load_for_change(session, Business, business_id)
    if not documents:
        raise InvalidInput(N_("Hãy chọn ít nhất một tệp."), field="documents")
    _keep_documents(session, actor, store, business, documents)
    session.commit()
    return business


def set_visibility(
    session: Session, actor: Actor, business_id: int, shown: Mapping[str, bool], *, version: int | None = None
) -> Business:
    """Choose what shoppers see beyond name and commune (``SHOWABLE``)."""
    require(actor, Permission.BUSINESS_WRITE, business_id)
    business = load_for_change(session, Business, business_id, version)
    changes = assign(business, visibility={name: bool(shown.get(name)) for name in SHOWABLE})
    if changes:
        audit.record(session, actor, "businesses:set_visibility", business, business_id=business_id, changes=changes)
    session.commit()
    return business


def _checked(session: Session, facts: BusinessFacts, business: Business | None = None) -> dict[str, object]:
    faults = Faults()
    legal_name = clean(facts.legal_name)
    if not legal_name:
        faults.add(N_("Hãy nhập tên cơ sở như trên giấy đăng ký."), field="legal_name")
    elif len(legal_name) > 200:
        faults.add(N_("Tên quá dài (tối đa 200 ký tự)."), field="legal_name")
    tax_code = faults.attempt(TaxCode, facts.tax_code) if clean(facts.tax_code) else None
    household_number = clean(facts.household_number)[:50] or None
    if not clean(facts.tax_code) and not household_number:
        faults.add(N_("Hãy nhập mã số thuế, hoặc số đăng ký hộ kinh doanh ở ô bên dưới."), field="tax_code")
    if tax_code and (other := session.scalar(business_with_tax_code(tax_code.value))) and other is not business:
        faults.note(TaxCodeTaken(field="tax_code", tax_code=str(tax_code)))
    phone = faults.attempt(parse_phone, facts.phone)
    commune = faults.attempt(gazetteer().commune, facts.commune_code)
    faults.raise_any()
    assert commune  # noqa: S101 - its absence was raised above
    return {
        "kind": facts.kind,
        "legal_name": legal_name,
        "folded_name": fold(legal_name),
        "tax_code": tax_code and tax_code.value,
        "household_number": household_number,
        "phone": phone,
        "province_code": commune.province.code,
        "commune_code": commune.code,
        "street": clean(facts.street)[:200],
        "former_address": clean(facts.former_address)[:200],
    }


def _flush(session: Session, business: Business) -> None:
    tax_code = business.tax_code
    try:
        session.flush()
    except IntegrityError:  # another business took the tax code a moment ago
        raise TaxCodeTaken(field="tax_code", tax_code=tax_code) from None


def _suspend(session: Session, actor: Actor, approval: Approval, _public_url: str) -> None:
    business = load_for_change(session, Business, approval.business_id or 0)
    _decide(session, actor, business, Decision.SUSPEND, approval.reason)


approvals.WORKS[ApprovalKind.SUSPENSION] = approvals.Work(permission=Permission.APPLICATIONS_DECIDE, carry_out=_suspend)


def _decide(session: Session, actor: Actor, business: Business, decision: Decision, reason: str) -> None:
    before = business.status
    business.status = transition(before, decision, reason)
    business.decided_at = at = now()
    business.decisions.append(
        BusinessDecision(
            before=before,
            after=business.status,
            reason=reason,
            decided_by=actor.user_id,
            decided_by_name=actor.name,
            at=at,
        )
    )
    audit.record(
        session,
        actor,
        f"businesses:{decision.value}",
        business,
        business_id=business.id,
        changes={"status": [before.value, business.status.value], "reason": reason},
    )
    coverage.match_business(session, business)
    restand(session, [business.id])
    values = {"business": business.legal_name, "reason": reason.rstrip(". ")}
    if decision.is_officers:
        notices.tell_business(session, business.id, f"business-{decision.value}", values, f"/workspace/{business.id}")
    else:
        kind = "business-applied" if decision is Decision.APPLY else "business-withdraw"
        notices.tell_officers(session, kind, values, f"/authority/businesses/{business.id}", about=business.id)


def _keep_documents(
    session: Session, actor: Actor, store: FileStore | None, business: Business, documents: Sequence[Upload]
) -> None:
    if store is None:
        raise TypeError("documents need a store")
    if len(business.documents) + len(documents) > DOCUMENT_LIMIT:
        raise InvalidInput(N_("Mỗi cơ sở giữ tối đa %(limit)s giấy tờ."), field="documents", limit=DOCUMENT_LIMIT)
    for upload in documents:
        file = store_document(
            session, store, business_id=business.id, audience=Audience.BUSINESS, data=upload.data, field="documents"
        )
        document = BusinessDocument(name=clean(upload.name)[:120] or "–", file_id=file.id, created_at=now())
        business.documents.append(document)
        session.flush()
        audit.record(
            session,
            actor,
            "businesses:add_document",
            document,
            business_id=business.id,
            changes={"name": document.name},
        )
