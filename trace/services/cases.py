"""Packing batches into cases, and unpacking them: what a business holds stays the same, what is loose does not.

A case travels whole (``case_handovers``). Opened on the way, what was in it goes on as ordinary deliveries.
"""

import secrets
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from ..domain import public_code
from ..domain.balance import NotHeld, check_movement
from ..domain.batches import refuse_recalled
from ..domain.cases import CaseNotClosed, CaseStatus, SsccTaken, check_contents
from ..domain.errors import N_, Conflict, InvalidInput, NotFound
from ..domain.identifiers import SSCCS_OF_A_GLN, Gln, Sscc
from ..domain.permissions import Actor, Permission, require
from ..domain.vocabulary import Action
from ..storage.balance import holdings_of
from ..storage.cases import Case, CaseContent, case_of_form, case_with, last_code_under
from ..storage.sites import Site
from . import audit, chain, holdings, steps
from .clock import now
from .completeness import lock_all


@dataclass(frozen=True, kw_only=True)
class CaseFacts:
    """``contents`` pairs a held batch's id with an amount in the base unit of its product.

    ``sscc`` is what is printed on the case already; where it is empty the case gets the next number under the GLN of
    its place, or a code of ours where the place has none.
    """

    contents: Sequence[tuple[int, int]]
    site_id: int
    at: datetime
    sscc: str = ""


def pack(
    session: Session,
    actor: Actor,
    business_id: int,
    facts: CaseFacts,
    *,
    public_url: str,
    client_key: str | None = None,
    random_bytes: Callable[[int], bytes] = secrets.token_bytes,
) -> Case:
    """Put so much of what is loose into a new case. The same ``client_key`` again returns the first one.

    Raises NoContents, AmountNotPositive, NotHeld, NotEnoughHeld, BatchRecalled, InvalidSscc, SsccTaken, InvalidInput
    (``site_id``) and as ``check_movement``.
    """
    require(actor, Permission.BATCHES_WRITE, business_id)
    check_contents(facts.contents)
    amounts = dict(facts.contents)
    if len(session.scalars(holdings_of(business_id, batch_ids=amounts)).all()) < len(amounts):
        raise NotHeld(field="inputs")
    batches = lock_all(session, amounts, also=[business_id])
    if client_key and (made := session.scalars(case_of_form(business_id, client_key)).one_or_none()):
        return made
    site = session.get(Site, facts.site_id)
    if site is None or site.business_id != business_id:
        raise InvalidInput(N_("Hãy chọn nơi làm trong danh sách địa điểm của cơ sở."), field="site_id")
    for batch in batches:
        refuse_recalled(batch.recall_id, batch.lot, field="inputs")
        check_movement(facts.at, lot=batch.lot, production_date=batch.production_date, now=now())
    case = Case(
        code=_code(session, site, facts.sscc, random_bytes),
        business_id=business_id,
        site_id=site.id,
        status=CaseStatus.CLOSED,
        packed_by_id=business_id,
        packed_at=facts.at,
        client_key=client_key,
        contents=[CaseContent(batch_id=batch.id, batch=batch, amount=amounts[batch.id]) for batch in batches],
    )
    try:
        with session.begin_nested():
            session.add(case)
    except IntegrityError as error:
        raise (SsccTaken(field="sscc", sscc=facts.sscc) if facts.sscc else Conflict()) from error
    for batch in batches:
        holdings.pack(session, batch, business_id, amounts[batch.id])
    _record(session, actor, case, Action.ADD, site, business_id=business_id, at=facts.at, public_url=public_url)
    _audit(session, actor, "cases:pack", case, business_id)
    session.commit()
    return case


def unpack(session: Session, actor: Actor, business_id: int, case_id: int, *, public_url: str) -> Case:
    """Open a case: what was in it is loose again, of recalled batches too. Raises CaseNotClosed."""
    require(actor, Permission.BATCHES_WRITE, business_id)
    case = closed_case(session, business_id, case_id)
    for content in case.contents:
        holdings.unpack(session, content.batch, business_id, content.amount)
    note_unpacking(session, actor, case, case.site, business_id=business_id, public_url=public_url)
    session.commit()
    return case


def case_of(session: Session, business_id: int, case_id: int) -> Case:
    """With what is in it. Raises NotFound where the business does not have it."""
    case = session.scalars(case_with(case_id).execution_options(populate_existing=True)).one_or_none()
    if case is None or case.business_id != business_id:
        raise NotFound
    return case


def closed_case(session: Session, business_id: int, case_id: int, *, also: Sequence[int] = ()) -> Case:
    """Locked with its batches, and with these other businesses. Raises CaseNotClosed or NotFound."""
    contents = case_of(session, business_id, case_id).contents
    lock_all(session, [content.batch_id for content in contents], also=[business_id, *also])
    case = case_of(session, business_id, case_id)
    if case.status is not CaseStatus.CLOSED:
        raise CaseNotClosed(case=case.code)
    return case


def note_unpacking(
    session: Session, actor: Actor, case: Case, site: Site | None, *, business_id: int, public_url: str
) -> None:
    """Within a verb that has locked the batches: this business opened the case, at a place of its own if it is known."""
    case.status = CaseStatus.UNPACKED
    _record(session, actor, case, Action.DELETE, site, business_id=business_id, at=now(), public_url=public_url)
    _audit(session, actor, "cases:unpack", case, business_id)


def _record(
    session: Session,
    actor: Actor,
    case: Case,
    action: Action,
    site: Site | None,
    *,
    business_id: int,
    at: datetime,
    public_url: str,
) -> None:
    """An event for each batch, as all events are about one: who may read of a batch learns nothing of its neighbours."""
    for content in case.contents:
        said = steps.aggregation(case, content, action, site, at=at, public_url=public_url)
        chain.append(session, actor, content.batch, site, said, public_url, business_id=business_id)


def _audit(session: Session, actor: Actor, verb: str, case: Case, business_id: int) -> None:
    contents = [[content.batch.public_code, content.amount] for content in case.contents]
    changes = {"code": case.code, "contents": contents}
    audit.record(session, actor, verb, case, business_id=business_id, changes=changes)


def _code(session: Session, site: Site, typed: str, random_bytes: Callable[[int], bytes]) -> str:
    if typed:
        return Sscc(typed).value
    if site.gln:
        gln = Gln(site.gln)
        last = session.scalar(last_code_under(gln))
        number = Sscc(last).number + 1 if last else 0
        if number < SSCCS_OF_A_GLN:
            return Sscc.under(gln.value, number).value
    return public_code.mint(random_bytes(8))
