"""Where a business's own machines hear of recalls."""

from typing import Any

from ..domain.permissions import Permission
from ..domain.webhooks import LONGEST
from ..request.access import current_actor, requires
from ..request.database import db
from ..request.settings import settings
from ..services import webhooks as verbs
from ..storage.webhooks import WebhookDelivery, deliveries_of, webhooks_of
from .fields import Integer, Moment, Part, Several, Text
from .schemas import PageQuery, Schema, page_of
from .topics import Topic, once, page

topic = Topic("Webhooks", "Where a business's own machines hear of recalls at once, by signed messages.")
_OF = "/businesses/<int:business_id>/webhooks"


class WebhookFactsSchema(Schema):
    url = Text(longest=LONGEST, required=True)


class WebhookSchema(Schema):
    id = Integer()
    url = Text()
    created_at = Moment()
    created_by_name = Text()


class WebhooksSchema(Schema):
    items = Several(Part(WebhookSchema))


class NewWebhookSchema(Schema):
    webhook = Part(WebhookSchema)
    secret = Text(metadata={"description": "The key of the signatures, shown this once"})


class WebhookDeliverySchema(Schema):
    id = Integer()
    webhook_id = Integer()
    kind = Text(metadata={"description": "recall.confirmed or test"})
    created_at = Moment()
    attempts = Integer()
    answer = Text(metadata={"description": "The last status, or why there was none"})
    delivered_at = Moment(allow_none=True)
    next_attempt_at = Moment(allow_none=True, metadata={"description": "Null once delivered or given up"})


@topic.get(_OF)
@requires(Permission.WEBHOOKS_MANAGE)
@topic.response(200, WebhooksSchema)
def list_webhooks(business_id: int) -> dict[str, Any]:
    """List the addresses that hear of recalls"""
    return {"items": db.session.scalars(webhooks_of(business_id)).all()}


@topic.post(_OF)
@requires(Permission.WEBHOOKS_MANAGE)
@once
@topic.arguments(WebhookFactsSchema)
@topic.response(201, NewWebhookSchema)
def register(data: dict[str, str], business_id: int) -> dict[str, Any]:
    """Register an address in the open Internet"""
    webhook, secret = verbs.register(db.session, current_actor(), business_id, data["url"], settings=settings())
    return {"webhook": webhook, "secret": secret}


@topic.delete(f"{_OF}/<int:webhook_id>")
@requires(Permission.WEBHOOKS_MANAGE)
@topic.response(204)
def remove(business_id: int, webhook_id: int) -> None:
    """Send nothing to an address any more, also not what waits"""
    verbs.remove(db.session, current_actor(), business_id, webhook_id)


@topic.post(f"{_OF}/<int:webhook_id>/test")
@requires(Permission.WEBHOOKS_MANAGE)
@once
@topic.response(202, WebhookDeliverySchema)
def send_test(business_id: int, webhook_id: int) -> WebhookDelivery:
    """Send a message without meaning within a minute"""
    return verbs.send_test(db.session, current_actor(), business_id, webhook_id)


@topic.get("/businesses/<int:business_id>/webhook-deliveries")
@requires(Permission.WEBHOOKS_MANAGE)
@topic.arguments(PageQuery, location="query")
@topic.response(200, page_of(WebhookDeliverySchema))
def list_deliveries(query: dict[str, Any], business_id: int) -> Any:
    """List what was sent, and what came of it"""
    return page(deliveries_of(business_id), WebhookDelivery.id, query)
