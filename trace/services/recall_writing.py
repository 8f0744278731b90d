"""What a confirmed recall writes, within the transaction of ``recalls.confirm``: a fixed number of statements, however
many batches and holders there are."""

from typing import Any

from sqlalchemy import JSON, Subquery, Text, and_, cast, func, insert, literal, or_, select, update
from sqlalchemy.orm import Session

from ..domain.quantities import format_amount
from ..domain.recalls import Scope, scope_from_json
from ..storage import recall_scope as questions
from ..storage.accounts import Membership
from ..storage.balance import Holding
from ..storage.batches import Batch
from ..storage.businesses import Business
from ..storage.database import BigInt, UtcDateTime
from ..storage.handovers import Handover
from ..storage.notices import Notice
from ..storage.recalls import Recall, RecallBatch, RecallHolder, RecallItem, holder_of, item_of, open_recalls_of
from ..storage.webhooks import Webhook, WebhookDelivery
from .changes import load_for_change
from .clock import now
from .notice_sentences import SENTENCES
from .notices import tell_business


def lock_reached(session: Session, scope: Scope) -> int:
    """Lock every batch that the recall reaches, as often as another was made meanwhile; how many there are.

    Businesses before batches and both by their ids, as every other verb does. What is made of a batch is made under a
    lock that waits for this one (``storage.batches.kept_from_recalls``); so afterwards the closure cannot grow.
    """
    found = -1
    while True:
        holders = questions.businesses(questions.forward(scope)).with_only_columns(Business.id).order_by(Business.id)
        session.execute(holders.with_for_update(read=True, key_share=True)).all()
        batches = questions.batches(questions.forward(scope)).with_only_columns(Batch.id).order_by(Batch.id)
        again = len(session.execute(batches.with_for_update()).all())
        if again == found:
            return found
        found = again


def take_effect(session: Session, recall: Recall, public_url: str) -> int:
    """Block the batches, note who had what, and tell them; how many holders there are."""
    reached = questions.forward(scope_from_json(recall.scope))
    session.execute(
        insert(RecallBatch).from_select(["recall_id", "batch_id"], select(literal(recall.id), reached.c.id))
    )
    covered = questions.covered(recall.id)
    _block(session, recall)
    _note_holders(session, recall, covered)
    _note_items(session, recall, covered)
    tell_holders(session, recall, "recall-confirmed")
    _send_webhooks(session, recall, public_url)
    return session.scalars(select(func.count()).where(RecallHolder.recall_id == recall.id)).one()


def _note_holders(session: Session, recall: Recall, covered: Subquery) -> None:
    """Everyone who holds or held any, to whom some is on the way, and the counterparties that are not enrolled."""
    columns = ["recall_id", "business_id", "name", "phone", "reminders", "acknowledged_by_name", "note"]
    nobody, unsaid = literal(None, BigInt), (literal(0), literal(""), literal(""))
    enrolled = questions.businesses(covered).with_only_columns(
        literal(recall.id), Business.id, literal(""), literal(""), *unsaid
    )
    parties = questions.to_be_phoned(covered).subquery()
    others = select(literal(recall.id), nobody, parties.c.buyer_name, parties.c.buyer_phone, *unsaid)
    for people in (enrolled, others):
        session.execute(insert(RecallHolder).from_select(columns, people))


def _note_items(session: Session, recall: Recall, covered: Subquery) -> None:
    """What each has by the records, and what is on its way to each."""
    columns = ["holder_id", "batch_id", "amount", "on_the_way"]
    in_stock = (
        select(RecallHolder.id, Holding.batch_id, Holding.amount, literal(False))
        .join(covered, covered.c.id == Holding.batch_id)
        .join(RecallHolder, RecallHolder.business_id == Holding.business_id)
        .where(RecallHolder.recall_id == recall.id, Holding.amount > 0)
    )
    is_party = and_(RecallHolder.name == Handover.buyer_name, RecallHolder.phone == Handover.buyer_phone)
    sent = (
        select(RecallHolder.id, Handover.batch_id, cast(func.sum(Handover.sent), BigInt), literal(True))
        .join(covered, covered.c.id == Handover.batch_id)
        .join(
            RecallHolder,
            or_(
                RecallHolder.business_id == Handover.buyer_id,
                and_(Handover.buyer_id.is_(None), RecallHolder.business_id.is_(None), is_party),
            ),
        )
        .where(RecallHolder.recall_id == recall.id, questions.ON_THE_WAY)
        .group_by(RecallHolder.id, Handover.batch_id)
    )
    for amounts in (in_stock, sent):
        session.execute(insert(RecallItem).from_select(columns, amounts))


def lock_recalls(session: Session, handover_id: int) -> list[Recall]:
    """The open recalls of what is on the way, locked: before its batch, as in the answers of their holders."""
    found = session.scalars(open_recalls_of(handover_id)).all()
    return [load_for_change(session, Recall, recall_id) for recall_id in found]


def give_back_recalled(session: Session, handover: Handover) -> None:
    """What was on the way to a holder is back at its sender, who has to say what becomes of it."""
    for recall in lock_recalls(session, handover.id):
        sent = session.scalars(item_of(recall.id, handover.buyer_id or 0, handover.batch_id, on_the_way=True)).one()
        sent.amount -= handover.sent
        if sent.located is not None:
            sent.located = min(sent.located, sent.amount)
        if not sent.amount:
            session.delete(sent)
        sender = session.scalars(holder_of(recall.id, handover.seller_id)).one()
        sender.acknowledged_at, sender.acknowledged_by_name = None, ""
        held = session.scalars(
            item_of(recall.id, handover.seller_id, handover.batch_id, on_the_way=False)
        ).one_or_none()
        if held:
            held.amount += handover.sent
        else:
            session.add(RecallItem(holder_id=sender.id, batch_id=handover.batch_id, amount=handover.sent))
        values = {**notice_values(recall), "amount": format_amount(handover.sent, handover.product.unit)}
        link = f"/workspace/{handover.seller_id}/recalls/{recall.id}"
        tell_business(session, handover.seller_id, "recall-returned", values, link)


def tell_holders(session: Session, recall: Recall, kind: str, *, silent: bool = False) -> None:
    """A notice for everyone who belongs to a holder, each with the link to its own page of the case."""
    values = notice_values(recall)
    for sentence in SENTENCES[kind]:
        sentence % values
    link = literal("/workspace/") + cast(RecallHolder.business_id, Text) + literal(f"/recalls/{recall.id}")
    people = (
        select(
            Membership.user_id,
            RecallHolder.business_id,
            literal(kind),
            literal(values, JSON),
            link,
            literal(now(), UtcDateTime),
            literal(0),
        )
        .join(RecallHolder, RecallHolder.business_id == Membership.business_id)
        .where(RecallHolder.recall_id == recall.id)
    )
    if silent:
        people = people.where(RecallHolder.acknowledged_at.is_(None))
    columns = ["user_id", "business_id", "kind", "values", "link", "created_at", "mail_attempts"]
    session.execute(insert(Notice).from_select(columns, people))


def notice_values(recall: Recall) -> dict[str, Any]:
    return {"number": recall.number, "product": recall.product, "reason": recall.reason.rstrip(".")}


def _block(session: Session, recall: Recall) -> None:
    """A batch in two recalls names the graver one, or the first."""
    less_grave = select(Recall.id).where(Recall.recall_class.in_(recall.recall_class.less_grave))
    session.execute(
        update(Batch)
        .where(Batch.id.in_(select(RecallBatch.batch_id).where(RecallBatch.recall_id == recall.id)))
        .where(or_(Batch.recall_id.is_(None), Batch.recall_id.in_(less_grave)))
        .values(recall_id=recall.id)
        .execution_options(synchronize_session=False)
    )


def _send_webhooks(session: Session, recall: Recall, public_url: str) -> None:
    body = {
        "event": "recall.confirmed",
        "number": recall.number,
        "kind": recall.kind.value,
        "class": recall.recall_class.value,
        "product": recall.product,
        "reason": recall.reason,
        "batches": recall.batch_count,
        "confirmed_at": now().isoformat(timespec="seconds"),
        "notice": f"{public_url}/recalls/{recall.number}",
    }
    moment = literal(now(), UtcDateTime)
    session.execute(
        insert(WebhookDelivery).from_select(
            ["webhook_id", "kind", "body", "created_at", "next_attempt_at", "attempts", "answer"],
            select(
                Webhook.id, literal("recall.confirmed"), literal(body, JSON), moment, moment, literal(0), literal("")
            )
            .join(RecallHolder, RecallHolder.business_id == Webhook.business_id)
            .where(RecallHolder.recall_id == recall.id, Webhook.removed_at.is_(None)),
        )
    )
