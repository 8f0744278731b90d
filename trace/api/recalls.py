"""What is being recalled, for everyone."""

from typing import Any

from ..domain.errors import NotFound
from ..domain.recalls import RecallClass, RecallKind, RecallStatus
from ..request.access import public
from ..request.database import db
from ..request.limits import LOOK_UP, limiter
from ..storage.recalls import PUBLIC, Recall, public_recall, recalls_where
from .fields import Integer, Lines, Member, Moment, Text
from .schemas import PageQuery, Schema, page_of
from .topics import Topic, page

topic = Topic("Recalls", "What is or was recalled: the public notices, as JSON. No key is needed.")


class RecallSchema(Schema):
    number = Text(metadata={"description": "Never changes; the notice is at /recalls/{number}"})
    kind = Member(RecallKind)
    recall_class = Member(RecallClass, metadata={"description": "This service's own scale, not the law's"})
    status = Member(RecallStatus, only=PUBLIC)
    product = Text()
    reason = Lines()
    instructions = Lines()
    phone = Text()
    business = Text(
        attribute="business.legal_name", metadata={"description": "Who proposed it; absent where an officer did"}
    )
    batch_count = Integer()
    confirmed_at = Moment()
    closed_at = Moment(allow_none=True)
    conclusion = Lines()


class RecallQuery(PageQuery):
    status = Member(RecallStatus, only=PUBLIC, load_default=None)


@topic.get("/recalls")
@public
@limiter.limit(LOOK_UP)
@topic.arguments(RecallQuery, location="query")
@topic.response(200, page_of(RecallSchema))
def list_recalls(query: dict[str, Any]) -> Any:
    """List recalls, current and closed"""
    statuses = [query["status"]] if query["status"] else PUBLIC
    return page(recalls_where(statuses=statuses), Recall.id, query)


@topic.get("/recalls/<number>")
@public
@limiter.limit(LOOK_UP)
@topic.response(200, RecallSchema)
def show_recall(number: str) -> Recall:
    """Show a recall's notice"""
    found = db.session.scalars(public_recall(number)).one_or_none()
    if found is None:
        raise NotFound
    return found
