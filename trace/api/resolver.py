"""What a shopper may know about a batch."""

from typing import Any

from flask_babel import gettext
from werkzeug.wrappers import Response

from ..domain.businesses import BusinessKind
from ..domain.certificates import CertificateScheme, CertificateStatus, Standing
from ..domain.errors import N_
from ..domain.evidence import Evidence
from ..domain.products import Commodity
from ..domain.public_batches import PublicBatch
from ..domain.recalls import RecallClass
from ..domain.sites import SiteKind
from ..domain.verdicts import Verdict
from ..domain.vocabulary import BusinessStep
from ..labels.photos import read_label_photo
from ..request.access import public
from ..request.database import db
from ..request.limits import LOOK_UP, READ_PHOTO, limiter
from ..request.settings import public_url
from ..services.resolver import resolve
from .batches import CompletenessSchema
from .errors import problem
from .fields import Boolean, Day, File, Integer, Lines, Member, Moment, Number, Part, Several, Text
from .schemas import Schema
from .topics import Topic, once

topic = Topic("Shoppers", "What the shopper's page says, as JSON. No key is needed.")
UNKNOWN = N_("Mã này chưa được cấp cho lô hàng nào.")


class PublicPhotoSchema(Schema):
    sha256 = Text(metadata={"description": "See /files"})
    width = Integer()
    height = Integer()
    link = Text()


class PublicBusinessSchema(Schema):
    """Street and phone are empty unless the business chose to show them."""

    name = Text()
    kind = Member(BusinessKind)
    commune = Text()
    street = Text()
    phone = Text()
    suspended_on = Day(allow_none=True)


class PublicOriginSchema(Schema):
    kind = Member(SiteKind)
    commune = Text()
    growing_area_code = Text()


class PublicCorrectionSchema(Schema):
    on = Day()
    reason = Lines()


class PublicDiarySchema(Schema):
    entries = Integer()
    days_since_treatment = Integer(allow_none=True)


class PublicStepSchema(Schema):
    step = Member(BusinessStep)
    evidence = Member(Evidence, metadata={"description": "How this is known; missing: a gap in the chain"})
    at = Moment(allow_none=True)
    recorded_at = Moment(allow_none=True)
    business = Text()
    commune = Text()
    location_code = Text()
    lot = Text(metadata={"description": "Of the batch that it happened to, where that became part of this one"})
    product = Text()
    made_of_others = Boolean()
    passed = Boolean(allow_none=True, metadata={"description": "What an inspection or a laboratory found"})
    laboratory = Text()
    report = Text()
    coldest = Number(allow_none=True, metadata={"description": "°C while it was stored"})
    warmest = Number(allow_none=True)
    alarming = Boolean(metadata={"description": "Some temperature was outside of what the product is to be kept at"})
    wrong = Part(
        PublicCorrectionSchema, allow_none=True, metadata={"description": "When and why it was declared wrong"}
    )


class PublicCertificateSchema(Schema):
    scheme = Member(CertificateScheme)
    number = Text()
    issuer = Text()
    status = Member(CertificateStatus)
    valid_from = Day()
    valid_until = Day(allow_none=True)
    checked_on = Day(allow_none=True)
    at_production = Member(Standing)
    today = Member(Standing)


class PublicRecallSchema(Schema):
    number = Text(metadata={"description": "Of GET /recalls/{number}"})
    recall_class = Member(RecallClass)
    on = Day()
    reason = Lines()
    instructions = Lines()
    phone = Text()


class PublicBatchSchema(Schema):
    """The same document as GET /q/<code> with Accept: application/json."""

    code = Text()
    link = Text()
    lot = Text()
    verdicts = Several(Member(Verdict), metadata={"description": "Gravest first"})
    complete = Boolean(attribute="completeness.complete")
    product_name = Text()
    product_name_en = Text()
    brand = Text()
    commodity = Member(Commodity)
    gtin = Text(allow_none=True)
    standards = Several(Text())
    packaging_material = Text(allow_none=True)
    photo = Part(PublicPhotoSchema, allow_none=True)
    production_date = Day()
    best_before = Day(allow_none=True)
    days_left = Integer(allow_none=True, low=-(2**31))
    business = Part(PublicBusinessSchema)
    origin = Part(PublicOriginSchema)
    steps = Several(Part(PublicStepSchema), metadata={"description": "Newest first, gaps included"})
    more_steps = Boolean(metadata={"description": "There were even earlier ones of what it was made of"})
    certificates = Several(Part(PublicCertificateSchema))
    completeness = Part(CompletenessSchema)
    published_at = Moment()
    corrections = Several(Part(PublicCorrectionSchema))
    diary = Part(PublicDiarySchema, allow_none=True)
    withdrawn_on = Day(allow_none=True)
    withdrawn_reason = Lines()
    under_review_on = Day(allow_none=True)
    recall = Part(PublicRecallSchema, allow_none=True)
    commune_codes = Several(Text(), metadata={"description": "The places of the batch, first to last"})


class LabelPhotoSchema(Schema):
    photo = File(required=True)


class LinksSchema(Schema):
    links = Several(Text())


@topic.get("/batches/<code>")
@public
@limiter.limit(LOOK_UP)
@topic.response(200, PublicBatchSchema)
def show_public_batch(code: str) -> dict[str, Any] | Response:
    """Show what shoppers may know about a batch; where nothing has this code, ``nearest`` are codes one slip away"""
    resolution = resolve(db.session, code)
    if resolution.batch is None:
        fault = resolution.fault
        said = gettext(fault.message, **fault.values) if fault else gettext(UNKNOWN)
        return problem(404, fault.code if fault else "unknown-public-code", said, nearest=resolution.nearest)
    return _document(resolution.batch)


@topic.post("/label-readings")
@public
@limiter.limit(READ_PHOTO)
@once
@topic.arguments(LabelPhotoSchema)
@topic.response(200, LinksSchema)
def read_label(data: dict[str, bytes]) -> dict[str, Any]:
    """Read the links of the symbols in a photo of a label"""
    return {"links": read_label_photo(data["photo"])}


def _document(batch: PublicBatch) -> dict[str, Any]:
    document = {name: getattr(batch, name) for name in batch.__slots__}
    document["link"] = f"{public_url()}/q/{batch.code}"
    if batch.photo:
        link = f"{public_url()}/files/{batch.photo.sha256}-1600.jpeg"
        document["photo"] = {name: getattr(batch.photo, name) for name in batch.photo.__slots__} | {"link": link}
    return document
