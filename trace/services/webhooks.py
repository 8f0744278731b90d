"""Addresses where a business's own machines hear of recalls, and the messages sent there (docs/api.md)."""

import json
import secrets
from concurrent.futures import ThreadPoolExecutor
from http.client import HTTPException
from typing import Any

import structlog
from sqlalchemy.orm import Session

from ..domain import webhooks as rules
from ..domain.errors import NotFound, TraceError
from ..domain.permissions import Actor, Permission, require
from ..domain.text import clean
from ..settings import Settings
from ..storage.webhooks import Webhook, WebhookDelivery, deliveries_due, test_waiting, webhooks_of
from . import audit, webhook_transport
from .clock import now

log = structlog.get_logger()
TEST = "test"
AT_ONCE = 8


def register(session: Session, actor: Actor, business_id: int, url: str, *, settings: Settings) -> tuple[Webhook, str]:
    """Remember an address; returns it with the secret of its signatures, which is shown this once.

    Raises WebhookAddressWrong, WebhookAddressPrivate, WebhookHostUnknown, TooManyWebhooks.
    """
    require(actor, Permission.WEBHOOKS_MANAGE, business_id)
    target = rules.parse_target(url := clean(url), encrypted_only=not settings.testing)
    session.commit()  # nobody waits for a name server with the database's lock
    webhook_transport.checked_address(target)
    if len(session.scalars(webhooks_of(business_id)).all()) >= rules.MOST:
        raise rules.TooManyWebhooks(most=rules.MOST)
    webhook = Webhook(
        business_id=business_id, url=url, salt=secrets.token_hex(16), created_at=now(), created_by_name=actor.name
    )
    session.add(webhook)
    audit.record(session, actor, "webhooks:register", webhook, changes={"url": url})
    session.commit()
    return webhook, rules.derive_secret(settings.secret_key, webhook.salt)


def remove(session: Session, actor: Actor, business_id: int, webhook_id: int) -> None:
    """Nothing is sent there any more, also not what waits. Raises NotFound."""
    webhook = _of(session, actor, business_id, webhook_id)
    webhook.removed_at = now()
    audit.record(session, actor, "webhooks:remove", webhook, changes={"url": webhook.url})
    session.commit()


def send_test(session: Session, actor: Actor, business_id: int, webhook_id: int) -> WebhookDelivery:
    """Put a message without meaning on its way; one that still waits is not joined by another. Raises NotFound."""
    webhook = _of(session, actor, business_id, webhook_id)
    waiting = session.scalars(test_waiting(webhook_id)).first()
    if waiting is not None:
        return waiting
    delivery = WebhookDelivery(
        webhook_id=webhook_id, kind=TEST, body={"event": TEST}, created_at=now(), next_attempt_at=now()
    )
    session.add(delivery)
    audit.record(session, actor, "webhooks:test", webhook)
    session.commit()
    return delivery


def deliver(session: Session, settings: Settings) -> int:
    """For the job: send what is due; how many arrived. No lock is held while other machines are waited for."""
    due = [
        (each.id, each.webhook.url, rules.derive_secret(settings.secret_key, each.webhook.salt), each.body)
        for each in session.scalars(deliveries_due(now()))
    ]
    session.commit()
    with ThreadPoolExecutor(AT_ONCE) as pool:
        answers = list(pool.map(lambda one: _send(*one, encrypted_only=not settings.testing), due))
    for (delivery_id, *_), (arrived, answer) in zip(due, answers, strict=True):
        delivery = session.get_one(WebhookDelivery, delivery_id)
        delivery.attempts += 1
        delivery.answer = answer
        delivery.delivered_at = now() if arrived else None
        delivery.next_attempt_at = None if arrived else rules.next_attempt(delivery.attempts, now())
        session.commit()
    return sum(arrived for arrived, _ in answers)


def _send(
    delivery_id: int, url: str, secret: str, content: dict[str, Any], *, encrypted_only: bool
) -> tuple[bool, str]:
    """Whether it arrived, and what the other side said or why it said nothing."""
    body = json.dumps({"id": delivery_id, **content}, ensure_ascii=False).encode()
    headers = {
        "Content-Type": "application/json",
        "User-Agent": "trace-webhook",
        "Trace-Signature": rules.signature(secret, int(now().timestamp()), body),
    }
    try:
        target = rules.parse_target(url, encrypted_only=encrypted_only)
        status = webhook_transport.post(target, webhook_transport.checked_address(target), body, headers)
    except TraceError as error:
        return False, error.code
    except (OSError, HTTPException) as error:
        log.warning("webhook not delivered", delivery=delivery_id, error=str(error))
        return False, type(error).__name__
    return 200 <= status < 300, str(status)


def _of(session: Session, actor: Actor, business_id: int, webhook_id: int) -> Webhook:
    require(actor, Permission.WEBHOOKS_MANAGE, business_id)
    webhook = session.get(Webhook, webhook_id)
    if webhook is None or webhook.business_id != business_id or webhook.removed_at is not None:
        raise NotFound
    return webhook
