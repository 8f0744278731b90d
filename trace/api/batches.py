"""Batches: drafts, publishing, corrections, withdrawal."""

from typing import Any

from marshmallow import post_dump

from ..domain.batches import BatchStatus
from ..domain.completeness import LegalItem
from ..domain.permissions import Permission
from ..domain.vocabulary import BusinessStep
from ..request.access import current_actor, owned, requires
from ..request.database import db
from ..request.settings import public_url
from ..services import batches
from ..services.batches import BatchFacts
from ..services.completeness import completeness_of
from ..storage.batches import Batch, BatchVersion, batches_of, versions_of
from ..storage.products import Product
from ..storage.scans import ScanCount
from .fields import Boolean, Day, Integer, Lines, Member, Moment, Part, Several, Text
from .schemas import Amount, PageQuery, Schema, base_units, page_of
from .topics import Topic, if_match, named_version, once, page, with_version

topic = Topic("Batches", "What was made of a product, where and when. A draft until published; then only corrected.")


class BatchFactsSchema(Schema):
    product_id = Integer(required=True)
    site_id = Integer(required=True)
    amount = Amount(required=True, metadata={"description": "In the unit of the product"})
    production_date = Day(required=True)
    lot = Text(load_default="", metadata={"description": "GS1 AI 10; the next free one is given where empty"})
    best_before = Day(load_default=None, allow_none=True, metadata={"description": "By the shelf life where null"})


class DraftFactsSchema(BatchFactsSchema):
    season_id = Integer(
        load_default=None, allow_none=True, metadata={"description": "The season of the diary it was harvested from"}
    )
    excess_reason = Lines(
        load_default="",
        metadata={"description": "Why it is more than the land gives in one cycle, where `harvest-unusual` asks"},
    )


class CorrectionSchema(DraftFactsSchema):
    reason = Lines(required=True, metadata={"description": "Shoppers read it too"})


class WithdrawalSchema(Schema):
    reason = Lines(required=True, metadata={"description": "Shoppers read it too"})


class BatchRowSchema(Schema):
    id = Integer()
    product_id = Integer()
    site_id = Integer()
    lot = Text()
    amount = Amount()
    production_date = Day()
    best_before = Day(allow_none=True)
    status = Member(BatchStatus)
    public_code = Text(allow_none=True)
    complete = Boolean(metadata={"description": "Every legal item that applies is there"})
    published_at = Moment(allow_none=True)
    corrected_at = Moment(allow_none=True)
    withdrawn_at = Moment(allow_none=True)
    withdrawn_reason = Lines()
    under_review_since = Moment(
        allow_none=True, metadata={"description": "Its diary shows an early harvest; an officer has to conclude"}
    )
    created_at = Moment()


class CompletenessSchema(Schema):
    """The ten items of Thông tư 02/2024/TT-BKHCN; each is in one of the three lists."""

    complete = Boolean()
    present = Several(Member(LegalItem))
    missing = Several(Member(LegalItem))
    not_applicable = Several(Member(LegalItem))
    expected_stages = Several(Member(BusinessStep))
    missing_stages = Several(Member(BusinessStep))
    optional_stages = Several(Member(BusinessStep))


class BatchSchema(BatchRowSchema):
    link = Text(allow_none=True, metadata={"description": "What its labels lead to"})
    completeness = Part(CompletenessSchema)
    scans = Integer(metadata={"description": "Looks by people"})

    @post_dump(pass_original=True)
    def add_counts(self, data: dict[str, Any], batch: Batch, **_: Any) -> dict[str, Any]:
        found = completeness_of(db.session, batch)
        counted = db.session.get(ScanCount, batch.id)
        return {
            **data,
            "link": f"{public_url()}/q/{batch.public_code}" if batch.public_code else None,
            "completeness": CompletenessSchema().dump(found),
            "scans": counted.people if counted else 0,
        }


class VersionFactsSchema(Schema):
    product_id = Integer()
    site_id = Integer()
    lot = Text()
    amount = Integer(metadata={"description": "In g, ml or pieces"})
    production_date = Text()
    best_before = Text(allow_none=True)
    season_id = Integer(allow_none=True)


class VersionSchema(Schema):
    number = Integer()
    facts = Part(VersionFactsSchema)
    reason = Lines()
    by_name = Text()
    at = Moment()


class BatchQuery(PageQuery):
    status = Member(BatchStatus, load_default=None)
    search = Text(load_default="", metadata={"description": "Part of a lot, of a public code or of a product's name"})


@topic.get("/businesses/<int:business_id>/batches")
@requires(Permission.BATCHES_READ)
@topic.arguments(BatchQuery, location="query")
@topic.response(200, page_of(BatchRowSchema))
def list_batches(query: dict[str, Any], business_id: int) -> Any:
    """List the batches of a business"""
    found = batches_of(business_id, status=query["status"], search=query["search"])
    return page(found, Batch.id, query)


@topic.post("/businesses/<int:business_id>/batches")
@requires(Permission.BATCHES_WRITE)
@once
@topic.arguments(DraftFactsSchema)
@topic.response(201, BatchSchema)
def register_batch(data: dict[str, Any], business_id: int) -> Any:
    """Register a batch, as a draft"""
    facts = _facts(business_id, data)
    return with_version(batches.register(db.session, current_actor(), business_id, facts))


@topic.get("/businesses/<int:business_id>/batches/<int:batch_id>")
@requires(Permission.BATCHES_READ)
@topic.response(200, BatchSchema)
def show_batch(business_id: int, batch_id: int) -> Any:
    """Show a batch, and which of the ten legal items it lacks"""
    return with_version(owned(Batch, batch_id, business_id))


@topic.put("/businesses/<int:business_id>/batches/<int:batch_id>")
@requires(Permission.BATCHES_WRITE)
@if_match
@topic.arguments(DraftFactsSchema)
@topic.response(200, BatchSchema)
def update_draft(data: dict[str, Any], business_id: int, batch_id: int) -> Any:
    """Replace the facts of a draft"""
    version = named_version(owned(Batch, batch_id, business_id))
    facts = _facts(business_id, data)
    return with_version(batches.update_draft(db.session, current_actor(), batch_id, facts, version=version))


@topic.delete("/businesses/<int:business_id>/batches/<int:batch_id>")
@requires(Permission.BATCHES_WRITE)
@if_match
@topic.response(204)
def delete_draft(business_id: int, batch_id: int) -> None:
    """Delete a draft"""
    version = named_version(owned(Batch, batch_id, business_id))
    batches.delete_draft(db.session, current_actor(), batch_id, version=version)


@topic.post("/businesses/<int:business_id>/batches/<int:batch_id>/publication")
@requires(Permission.BATCHES_PUBLISH)
@once
@topic.response(200, BatchSchema)
def publish_batch(business_id: int, batch_id: int) -> Any:
    """Publish a draft: it gets its public code"""
    version = named_version(owned(Batch, batch_id, business_id), required=False)
    return with_version(
        batches.publish(db.session, current_actor(), batch_id, public_url=public_url(), version=version)
    )


@topic.post("/businesses/<int:business_id>/batches/<int:batch_id>/corrections")
@requires(Permission.BATCHES_PUBLISH)
@once
@topic.arguments(CorrectionSchema)
@topic.response(200, BatchSchema)
def correct_batch(data: dict[str, Any], business_id: int, batch_id: int) -> Any:
    """Correct a published batch by a new version, with a reason"""
    version = named_version(owned(Batch, batch_id, business_id), required=False)
    reason = data.pop("reason")
    return with_version(
        batches.correct(
            db.session,
            current_actor(),
            batch_id,
            _facts(business_id, data),
            reason=reason,
            version=version,
            public_url=public_url(),
        )
    )


@topic.post("/businesses/<int:business_id>/batches/<int:batch_id>/withdrawal")
@requires(Permission.BATCHES_PUBLISH)
@once
@topic.arguments(WithdrawalSchema)
@topic.response(200, BatchSchema)
def withdraw_batch(data: dict[str, str], business_id: int, batch_id: int) -> Any:
    """Withdraw a published batch for good, with a reason"""
    version = named_version(owned(Batch, batch_id, business_id), required=False)
    return with_version(batches.withdraw(db.session, current_actor(), batch_id, reason=data["reason"], version=version))


@topic.get("/businesses/<int:business_id>/batches/<int:batch_id>/versions")
@requires(Permission.BATCHES_READ)
@topic.arguments(PageQuery, location="query")
@topic.response(200, page_of(VersionSchema))
def list_versions(query: dict[str, Any], business_id: int, batch_id: int) -> Any:
    """List what was said of a batch at first and after each correction"""
    return page(versions_of(owned(Batch, batch_id, business_id).id), BatchVersion.id, query)


def _facts(business_id: int, data: dict[str, Any]) -> BatchFacts:
    product = db.session.get(Product, data["product_id"])
    unit = product.unit if product and product.business_id == business_id else data["amount"]["unit"]
    return BatchFacts(**{**data, "amount": base_units(data["amount"], unit)})
