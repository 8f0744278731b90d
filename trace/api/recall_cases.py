"""Recalls for those who lead or answer them; the public notices are in ``recalls``."""

from decimal import Decimal
from typing import Any

from ..domain.errors import NotFound
from ..domain.permissions import Permission
from ..domain.recalls import Scope
from ..request.access import current_actor, requires
from ..request.database import db
from ..request.files import file_store
from ..request.settings import public_url
from ..services import recall_answers
from ..services import recalls as verbs
from ..services.recall_answers import Found
from ..services.recalls import RecallFacts
from ..storage.recalls import Recall, RecallHolder, RecallItem, holders_of, recalls_where
from .recall_details import details
from .recall_schemas import (
    RecallAnswerSchema,
    RecallCallSchema,
    RecallCaseDetailsSchema,
    RecallCaseSchema,
    RecallConclusionSchema,
    RecallConfirmationSchema,
    RecallFactsSchema,
    RecallHolderSchema,
    RemindedSchema,
)
from .schemas import PageQuery, base_units, page_of
from .topics import Topic, once, page

topic = Topic(
    "Recall cases",
    "Proposing, confirming, answering and closing a recall. A business works under its own address, the department "
    "under /recall-cases. The public notices are under Recalls.",
)
_OF = "/businesses/<int:business_id>/recalls"
_ONE = f"{_OF}/<int:recall_id>"
_CASE = "/recall-cases/<int:recall_id>"


@topic.get(_OF)
@requires(Permission.RECALLS_READ)
@topic.arguments(PageQuery, location="query")
@topic.response(200, page_of(RecallCaseSchema))
def list_cases(query: dict[str, Any], business_id: int) -> Any:
    """List what a business proposed, or must answer"""
    return page(recalls_where(business_id=business_id), Recall.id, query)


@topic.post(_OF)
@requires(Permission.RECALLS_WRITE)
@once
@topic.arguments(RecallFactsSchema)
@topic.response(201, RecallCaseSchema)
def propose(data: dict[str, Any], business_id: int) -> Recall:
    """Propose a recall; nothing happens before it is confirmed"""
    return _propose(data, business_id)


@topic.get(_ONE)
@requires(Permission.RECALLS_READ)
@topic.response(200, RecallCaseDetailsSchema)
def show_case(business_id: int, recall_id: int) -> dict[str, Any]:
    """Show a case: what it reaches and how far it is, and what the business itself must answer"""
    return details(recall_id, business_id)


@topic.post(f"{_ONE}/confirmation")
@requires(Permission.RECALLS_CONFIRM)
@once
@topic.arguments(RecallConfirmationSchema)
@topic.response(200, RecallCaseSchema)
def confirm(data: dict[str, Any], business_id: int, recall_id: int) -> Recall:
    """Let a recall take effect: batches blocked, shoppers' pages red, holders told; it cannot be undone"""
    return _confirm(data, recall_id, business_id)


@topic.post(f"{_ONE}/dismissal")
@requires(Permission.RECALLS_WRITE)
@once
@topic.response(200, RecallCaseSchema)
def dismiss(business_id: int, recall_id: int) -> Recall:
    """Drop a proposal"""
    return verbs.dismiss(db.session, current_actor(), recall_id, business_id=business_id)


@topic.post(f"{_ONE}/answer")
@requires(Permission.RECALLS_WRITE)
@once
@topic.arguments(RecallAnswerSchema)
@topic.response(200, RecallCaseDetailsSchema)
def answer(data: dict[str, Any], business_id: int, recall_id: int) -> dict[str, Any]:
    """Say as a holder what was found and what is done with it; a destruction leaves the stock at once"""
    verbs.of(db.session, recall_id, business_id)
    recall_answers.acknowledge(
        db.session,
        current_actor(),
        recall_id,
        business_id=business_id,
        found=[_found(each, business_id, recall_id) for each in data["found"]],
        note=data["note"],
        evidence=data["evidence"],
        store=file_store(),
        public_url=public_url(),
    )
    return details(recall_id, business_id)


@topic.get(f"{_ONE}/holders")
@requires(Permission.RECALLS_READ)
@topic.arguments(PageQuery, location="query")
@topic.response(200, page_of(RecallHolderSchema))
def list_holders(query: dict[str, Any], business_id: int, recall_id: int) -> Any:
    """List who must answer, as the business that leads the case"""
    verbs.of(db.session, recall_id, business_id, proposer=True)
    return page(holders_of(recall_id), RecallHolder.id, query)


@topic.post(f"{_ONE}/calls")
@requires(Permission.RECALLS_CONFIRM)
@once
@topic.arguments(RecallCallSchema)
@topic.response(201, RecallHolderSchema)
def note_call(data: dict[str, Any], business_id: int, recall_id: int) -> RecallHolder:
    """Write down what a holder who is not enrolled said on the telephone"""
    return recall_answers.note_call(db.session, current_actor(), recall_id, **data, business_id=business_id)


@topic.post(f"{_ONE}/reminder")
@requires(Permission.RECALLS_CONFIRM)
@once
@topic.response(200, RemindedSchema)
def remind(business_id: int, recall_id: int) -> dict[str, int]:
    """Tell those who are silent once more"""
    return {"silent": recall_answers.remind(db.session, current_actor(), recall_id, business_id=business_id)}


@topic.post(f"{_ONE}/conclusion")
@requires(Permission.RECALLS_CONFIRM)
@once
@topic.arguments(RecallConclusionSchema)
@topic.response(200, RecallCaseSchema)
def close(data: dict[str, str], business_id: int, recall_id: int) -> Recall:
    """Close one's own voluntary recall, once nobody is silent"""
    return verbs.close(db.session, current_actor(), recall_id, business_id=business_id, **data)


@topic.get("/recall-cases")
@requires(Permission.RECALLS_OVERSEE)
@topic.arguments(PageQuery, location="query")
@topic.response(200, page_of(RecallCaseSchema))
def list_all_cases(query: dict[str, Any]) -> Any:
    """List all cases and proposals, as an officer"""
    return page(recalls_where(), Recall.id, query)


@topic.post("/recall-cases")
@requires(Permission.RECALLS_ORDER)
@once
@topic.arguments(RecallFactsSchema)
@topic.response(201, RecallCaseSchema)
def propose_as_officer(data: dict[str, Any]) -> Recall:
    """Prepare a compulsory recall, as an officer; nothing happens before it is confirmed"""
    return _propose(data, None)


@topic.get(_CASE)
@requires(Permission.RECALLS_OVERSEE)
@topic.response(200, RecallCaseDetailsSchema)
def show_any_case(recall_id: int) -> dict[str, Any]:
    """Show any case, as an officer"""
    return details(recall_id, None)


@topic.post(f"{_CASE}/confirmation")
@requires(Permission.RECALLS_ORDER)
@once
@topic.arguments(RecallConfirmationSchema)
@topic.response(200, RecallCaseSchema)
def order(data: dict[str, Any], recall_id: int) -> Recall:
    """Order a recall, as an officer: its batches are held, and it takes effect when another officer approves"""
    return _confirm(data, recall_id, None)


@topic.post(f"{_CASE}/dismissal")
@requires(Permission.RECALLS_ORDER)
@once
@topic.response(200, RecallCaseSchema)
def dismiss_as_officer(recall_id: int) -> Recall:
    """Drop a proposal, as an officer"""
    return verbs.dismiss(db.session, current_actor(), recall_id, business_id=None)


@topic.get(f"{_CASE}/holders")
@requires(Permission.RECALLS_OVERSEE)
@topic.arguments(PageQuery, location="query")
@topic.response(200, page_of(RecallHolderSchema))
def list_holders_of_any(query: dict[str, Any], recall_id: int) -> Any:
    """List who must answer, as an officer"""
    verbs.of(db.session, recall_id, None)
    return page(holders_of(recall_id), RecallHolder.id, query)


@topic.post(f"{_CASE}/calls")
@requires(Permission.RECALLS_ORDER)
@once
@topic.arguments(RecallCallSchema)
@topic.response(201, RecallHolderSchema)
def note_call_as_officer(data: dict[str, Any], recall_id: int) -> RecallHolder:
    """Write down what a holder who is not enrolled said on the telephone, as an officer"""
    return recall_answers.note_call(db.session, current_actor(), recall_id, **data, business_id=None)


@topic.post(f"{_CASE}/reminder")
@requires(Permission.RECALLS_ORDER)
@once
@topic.response(200, RemindedSchema)
def remind_as_officer(recall_id: int) -> dict[str, int]:
    """Tell those who are silent once more, as an officer"""
    return {"silent": recall_answers.remind(db.session, current_actor(), recall_id, business_id=None)}


@topic.post(f"{_CASE}/conclusion")
@requires(Permission.RECALLS_ORDER)
@once
@topic.arguments(RecallConclusionSchema)
@topic.response(200, RecallCaseSchema)
def close_as_officer(data: dict[str, str], recall_id: int) -> Recall:
    """Close any recall, as an officer"""
    return verbs.close(db.session, current_actor(), recall_id, business_id=None, **data)


def _propose(data: dict[str, Any], business_id: int | None) -> Recall:
    scope = data.pop("scope")
    facts = RecallFacts(scope=Scope(**{**scope, "codes": tuple(scope["codes"])}), **data)
    return verbs.propose(db.session, current_actor(), facts, business_id=business_id)


def _confirm(data: dict[str, Any], recall_id: int, business_id: int | None) -> Recall:
    confirming = {**data, "business_id": business_id, "public_url": public_url()}
    return verbs.confirm(db.session, current_actor(), recall_id, **confirming)


def _found(given: dict[str, Any], business_id: int, recall_id: int) -> Found:
    item = db.session.get(RecallItem, given["item_id"])
    if item is None or (item.holder.business_id, item.holder.recall_id) != (business_id, recall_id):
        raise NotFound
    located = given["located"]
    nothing = not Decimal(located["value"])  # which elsewhere is no amount
    amount = 0 if nothing else base_units(located, item.product.unit)
    return Found(item_id=item.id, amount=amount, disposal=given["disposal"])
