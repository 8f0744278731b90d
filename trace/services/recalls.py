"""Proposing a recall, looking at what it would reach, confirming it in one transaction, and closing it."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from ..domain import public_code
from ..domain import recalls as rules
from ..domain.balance import MovementKind
from ..domain.dates import format_moment
from ..domain.errors import N_, InvalidFields, InvalidInput, NotFound
from ..domain.permissions import Actor, Permission, require
from ..domain.quantities import Unit
from ..domain.recalls import Disposal, RecallClass, RecallKind, RecallStatus, Scope, ScopeKind
from ..domain.text import clean, clean_lines, fold
from ..storage import recall_scope as questions
from ..storage.batches import Batch
from ..storage.businesses import Business
from ..storage.recalls import Recall, holder_of, outcomes_of, silent_count
from ..storage.sites import Site
from . import audit, notices, recall_orders, recall_writing
from .changes import Faults, load_for_change
from .clock import now, today
from .phones import parse_phone

MOST_CODES = 200
WORDS = ("thu hoi", "recall")
"""What a person types to confirm, in either language and without its accents."""


@dataclass(frozen=True, kw_only=True)
class RecallFacts:
    """``product`` is named after the batches where it is empty; ``instructions`` add to what the class says."""

    recall_class: RecallClass | None
    reason: str
    scope: Scope
    phone: str
    product: str = ""
    instructions: str = ""


@dataclass(frozen=True)
class Reach:
    """What a recall covers, now or at its confirmation. Amounts by unit, in base units."""

    batches: int
    holders: Sequence[Any]
    """Rows of ``storage.recall_scope.holders``."""
    held: dict[Unit, int]
    on_the_way: dict[Unit, int]
    to_be_phoned: Sequence[Any]
    """Name and telephone number of counterparties that are not enrolled."""
    gone: dict[MovementKind, dict[Unit, int]]
    labels: int


def propose(session: Session, actor: Actor, facts: RecallFacts, *, business_id: int | None) -> Recall:
    """Write down what should be recalled; nothing happens before ``confirm``. ``business_id`` is None for an officer.

    Raises InvalidFields, NothingToRecall, NotFound (batches that the business neither made nor held).
    """
    _may(actor, business_id, Permission.RECALLS_WRITE)
    facts = _checked(session, facts, business_id)
    recall = Recall(
        kind=RecallKind.COMPULSORY if business_id is None else RecallKind.VOLUNTARY,
        recall_class=facts.recall_class,
        status=RecallStatus.PROPOSED,
        business_id=business_id,
        product=facts.product,
        reason=facts.reason,
        instructions=facts.instructions,
        phone=facts.phone,
        scope=rules.scope_as_json(facts.scope),
        created_at=now(),
        created_by_name=actor.name,
    )
    session.add(recall)
    audit.record(session, actor, "recalls:propose", recall, changes=recall.scope)
    if business_id is not None and not is_own(session, recall):
        values = {
            "product": recall.product,
            "business": session.get_one(Business, business_id).legal_name,
            "due": format_moment(rules.due(questions.periods(), rules.DECIDE, now(), today())),
        }
        notices.tell_officers(session, "recall-proposed", values, f"/authority/recalls/{recall.id}")
    session.commit()
    return recall


def is_own(session: Session, recall: Recall) -> bool:
    """Whether it begins only at batches that its proposer made, who may then confirm it alone."""
    scope = rules.scope_from_json(recall.scope)
    return (
        recall.business_id is not None
        and not session.scalars(questions.made_by_others(scope, recall.business_id)).one()
    )


def reach(session: Session, recall: Recall) -> Reach:
    """A proposal's as things stand; after confirmation, of the batches that were covered then."""
    scope = rules.scope_from_json(recall.scope)
    proposed = recall.status in (*rules.WAITING, RecallStatus.DISMISSED)
    return reach_of(session, questions.forward(scope) if proposed else questions.covered(recall.id))


def reach_of(session: Session, reached: questions.Reached) -> Reach:
    held: dict[Unit, int] = {}
    on_the_way: dict[Unit, int] = {}
    gone: dict[MovementKind, dict[Unit, int]] = {}
    for kind, sent, unit, amount in session.execute(questions.amounts(reached)):
        where = on_the_way if sent else held if kind is None else gone.setdefault(kind, {})
        where[unit] = int(amount)
    batches, labels = session.execute(questions.counts(reached)).one()
    return Reach(
        batches=batches,
        holders=session.execute(questions.holders(reached)).all(),
        held=held,
        on_the_way=on_the_way,
        to_be_phoned=session.execute(questions.to_be_phoned(reached)).all(),
        gone=gone,
        labels=labels,
    )


@dataclass(frozen=True)
class Outcome:
    """By unit: how much was out, and how much of it was located; and which way that goes."""

    progress: dict[Unit, tuple[int, int]]
    disposals: list[tuple[Disposal | None, Unit, int]]


def outcome(session: Session, recall_id: int) -> Outcome:
    found = Outcome({}, [])
    for disposal, unit, amount, located in session.execute(outcomes_of(recall_id)):
        out, seen = found.progress.get(unit, (0, 0))
        found.progress[unit] = out + int(amount), seen + int(located)
        if located:
            found.disposals.append((disposal, unit, int(located)))
    return found


def confirm(
    session: Session,
    actor: Actor,
    recall_id: int,
    *,
    business_id: int | None,
    word: str,
    seen: int | None = None,
    public_url: str,
) -> Recall:
    """Let the recall take effect, all of it in this transaction: the batches blocked, their pages red, holders told.

    ``word`` is what the person typed; ``seen`` how many batches they were shown. An officer's word makes a proposal
    compulsory: its batches are held, and it takes effect when another officer approves. Raises NotConfirmed, ScopeGrew, NothingToRecall, ForOfficersToDecide, RecallNotPossible.
    """
    _may(actor, business_id, Permission.RECALLS_CONFIRM)
    recall = of(session, recall_id, business_id, proposer=True, for_change=True)
    rules.order(recall.status)  # raises where it is no proposal any more
    if business_id is not None and not is_own(session, recall):
        raise rules.ForOfficersToDecide
    if fold(word) not in WORDS:
        raise rules.NotConfirmed(field="word")
    found = recall_writing.lock_reached(session, rules.scope_from_json(recall.scope))
    if not found:
        raise rules.NothingToRecall
    if seen is not None and seen != found:
        raise rules.ScopeGrew(count=found)
    if business_id is None:
        recall_orders.order(session, actor, recall)
    else:
        recall_orders.take_effect(session, actor, recall, found, public_url)
        values = recall_writing.notice_values(recall)
        notices.tell_officers(session, "recall-voluntary", values, f"/authority/recalls/{recall.id}")
    session.commit()
    return recall


def dismiss(session: Session, actor: Actor, recall_id: int, *, business_id: int | None) -> Recall:
    """Drop a proposal. Raises RecallNotPossible."""
    _may(actor, business_id, Permission.RECALLS_WRITE)
    recall = of(session, recall_id, business_id, proposer=True, for_change=True)
    rules.order(recall.status)  # an order is dropped by whoever decides about it
    recall.status = rules.dismiss(recall.status)
    audit.record(session, actor, "recalls:dismiss", recall)
    session.commit()
    return recall


def close(session: Session, actor: Actor, recall_id: int, *, business_id: int | None, conclusion: str) -> Recall:
    """End a case. An officer may do it whoever is silent; a business its own voluntary one, once nobody is.

    Raises RecallNotPossible, HoldersSilent, InvalidInput.
    """
    _may(actor, business_id, Permission.RECALLS_CONFIRM)
    recall = of(session, recall_id, business_id, proposer=True, for_change=True)
    recall.status = rules.close(recall.status)
    silent = session.scalars(silent_count(recall_id)).one()
    if business_id is not None and (silent or recall.kind is RecallKind.COMPULSORY):
        raise rules.HoldersSilent(count=silent) if silent else rules.RecallNotPossible
    recall.conclusion = clean_lines(conclusion)
    if not recall.conclusion:
        raise InvalidInput(N_("Hãy ghi kết luận: nguyên nhân, kết quả và việc phòng ngừa."), field="conclusion")
    recall.closed_at, recall.closed_by_name = now(), actor.name
    audit.record(session, actor, "recalls:close", recall, changes={"conclusion": recall.conclusion})
    session.commit()
    return recall


def of(
    session: Session, recall_id: int, business_id: int | None, *, proposer: bool = False, for_change: bool = False
) -> Recall:
    """A recall that an officer (None) or a business may see: its proposer, and whoever must answer.

    Raises NotFound; with ``proposer`` also for those who only answer.
    """
    recall = session.get(Recall, recall_id)
    if recall is None:
        raise NotFound
    if business_id is not None and recall.business_id != business_id:
        asked = session.scalars(holder_of(recall_id, business_id)).one_or_none()
        if asked is None or proposer:
            raise NotFound
    return load_for_change(session, Recall, recall_id) if for_change else recall


def _may(actor: Actor, business_id: int | None, permission: Permission) -> None:
    if business_id is None:
        require(actor, Permission.RECALLS_ORDER)
    else:
        require(actor, permission, business_id)


def _checked(session: Session, facts: RecallFacts, business_id: int | None) -> RecallFacts:
    faults = Faults()
    reason, instructions = clean_lines(facts.reason), clean_lines(facts.instructions)
    if facts.recall_class is None:
        faults.add(N_("Hãy chọn mức độ."), field="recall_class")
    if not reason:
        faults.add(N_("Hãy ghi lý do; người mua cũng đọc được."), field="reason")
    phone = faults.attempt(parse_phone, facts.phone) or ""
    scope = _checked_scope(session, facts.scope, business_id, faults)
    faults.raise_any()
    if session.scalars(questions.roots(scope).limit(1)).first() is None:
        raise InvalidFields([rules.NothingToRecall(field=_field(scope))])
    product = clean(facts.product) or ", ".join(session.scalars(questions.product_names(scope)))
    return replace(facts, reason=reason, instructions=instructions, phone=phone, scope=scope, product=product)


def _checked_scope(session: Session, scope: Scope, business_id: int | None, faults: Faults) -> Scope:
    if business_id is not None:
        scope = replace(scope, business_id=business_id)
    if scope.kind is ScopeKind.BATCHES:
        parsed = [faults.attempt(public_code.parse, code) for code in dict.fromkeys(scope.codes)]
        codes = tuple(code for code in parsed if code)
        known = set(session.scalars(select(Batch.public_code).where(Batch.public_code.in_(codes))))
        scope = replace(scope, codes=codes)
        if not scope.codes or len(codes) > MOST_CODES:
            faults.add(N_("Hãy nhập từ 1 đến %(most)s mã truy xuất."), field="codes", most=MOST_CODES)
        elif unknown := [public_code.grouped(code) for code in codes if code not in known]:
            faults.add(N_("Không có lô nào mang mã %(codes)s."), field="codes", codes=", ".join(unknown))
        elif business_id is not None and session.scalars(questions.held_nowhere_near(scope, business_id)).one():
            faults.add(N_("Có lô mà cơ sở không làm ra và chưa từng giữ. Hãy bỏ mã đó."), field="codes")
    elif scope.kind is ScopeKind.SITE:
        site = session.get(Site, scope.site_id) if scope.site_id else None
        if site is None or (business_id is not None and site.business_id != business_id):
            faults.add(N_("Hãy chọn nơi sản xuất."), field="site_id")
        if scope.since is None or scope.until is None or scope.since > scope.until:
            faults.add(N_("Hãy nhập khoảng ngày sản xuất, từ ngày đến ngày."), field="since")
    else:
        scope = replace(scope, material=clean(scope.material), lot=clean(scope.lot))
        if not scope.material:
            faults.add(N_("Hãy nhập tên vật tư như đã ghi trong nhật ký."), field="material")
    return scope


def _field(scope: Scope) -> str:
    return {ScopeKind.BATCHES: "codes", ScopeKind.SITE: "site_id", ScopeKind.INPUT: "material"}[scope.kind]
