"""Where a business's own machines want to hear of recalls, and what was sent there."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, Select, select
from sqlalchemy.orm import Mapped, joinedload, mapped_column, relationship

from .database import Base, PrimaryKey


class Webhook(Base):
    __tablename__ = "webhooks"

    id: Mapped[PrimaryKey]
    business_id: Mapped[int] = mapped_column(ForeignKey("businesses.id"), index=True)
    url: Mapped[str]
    salt: Mapped[str]
    """With the service's own secret it makes the key of the signature; useless alone."""
    created_at: Mapped[datetime]
    created_by_name: Mapped[str]
    removed_at: Mapped[datetime | None]


class WebhookDelivery(Base):
    """One message to one address: written with what it tells of, sent by a job until it arrives or is given up."""

    __tablename__ = "webhook_deliveries"
    __table_args__ = (
        Index("ix_webhook_deliveries_webhook", "webhook_id", "id"),
        Index("ix_webhook_deliveries_due", "delivered_at", "next_attempt_at"),
    )

    id: Mapped[PrimaryKey]
    webhook_id: Mapped[int] = mapped_column(ForeignKey("webhooks.id"))
    kind: Mapped[str]
    body: Mapped[dict[str, Any]]
    created_at: Mapped[datetime]
    next_attempt_at: Mapped[datetime | None]
    """None once it arrived or was given up."""
    attempts: Mapped[int] = mapped_column(default=0)
    delivered_at: Mapped[datetime | None]
    answer: Mapped[str] = mapped_column(default="")
    """The status of the last answer, or why there was none."""

    webhook: Mapped[Webhook] = relationship()


def webhooks_of(business_id: int) -> Select[Webhook]:
    return select(Webhook).where(Webhook.business_id == business_id, Webhook.removed_at.is_(None)).order_by(Webhook.id)


def deliveries_of(business_id: int) -> Select[WebhookDelivery]:
    return (
        select(WebhookDelivery)
        .join(WebhookDelivery.webhook)
        .where(Webhook.business_id == business_id)
        .options(joinedload(WebhookDelivery.webhook))
    )


def test_waiting(webhook_id: int) -> Select[WebhookDelivery]:
    return select(WebhookDelivery).where(
        WebhookDelivery.webhook_id == webhook_id,
        WebhookDelivery.kind == "test",
        WebhookDelivery.next_attempt_at.is_not(None),
    )


def deliveries_due(now: datetime, limit: int = 100) -> Select[WebhookDelivery]:
    return (
        select(WebhookDelivery)
        .join(WebhookDelivery.webhook)
        .where(
            WebhookDelivery.delivered_at.is_(None),
            WebhookDelivery.next_attempt_at <= now,
            Webhook.removed_at.is_(None),
        )
        .options(joinedload(WebhookDelivery.webhook))
        .order_by(WebhookDelivery.next_attempt_at)
        .limit(limit)
    )
