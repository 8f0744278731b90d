"""The directory of businesses that want to trade with each other."""

from collections.abc import Sequence
from typing import Any

from ..domain.businesses import BusinessKind
from ..domain.certificates import CertificateScheme
from ..domain.errors import NotFound
from ..domain.permissions import Permission
from ..domain.products import Commodity, PackagingMaterial
from ..request.access import current_actor, requires
from ..request.database import db
from ..services import directory
from ..services.clock import today
from ..services.directory import Entry, ListingFacts
from ..storage.directory import Listing, listing_of, listings_where
from .fields import Boolean, Integer, Lines, Member, Moment, Several, Text
from .schemas import FactsSchema, PageQuery, Schema, page_of
from .topics import Topic, if_match, named_version, once, page, with_version

topic = Topic("Directory", "Approved businesses that chose to be found, with what each chose to show.")


class DirectoryQuery(PageQuery):
    search = Text(load_default="", metadata={"description": "Part of a name"})
    kind = Member(BusinessKind, load_default=None)
    commune_code = Text(load_default="")
    commodity = Member(Commodity, load_default=None)
    packaging = Member(PackagingMaterial, load_default=None)
    scheme = Member(CertificateScheme, load_default=None)


class DirectoryEntrySchema(Schema):
    """What is not shown by the business is empty."""

    business_id = Integer(attribute="business.id")
    name = Text(attribute="business.legal_name")
    kind = Member(BusinessKind, attribute="business.kind")
    commune_code = Text(attribute="business.commune_code")
    street = Text()
    offers = Lines(attribute="listing.offers")
    seeks = Lines(attribute="listing.seeks")
    commodities = Several(Member(Commodity))
    packaging = Several(Member(PackagingMaterial))
    schemes = Several(Member(CertificateScheme), metadata={"description": "Of certificates checked and standing today"})


class ListingFactsSchema(FactsSchema):
    makes = ListingFacts

    listed = Boolean(required=True)
    offers = Lines()
    seeks = Lines()
    shows_products = Boolean()
    shows_certificates = Boolean()
    shows_street = Boolean()
    shares_phone = Boolean(metadata={"description": "Only with businesses connected with"})
    contact_name = Text(metadata={"description": "Likewise, as is the e-mail"})
    email = Text()


class ListingSchema(ListingFactsSchema):
    updated_at = Moment(dump_only=True)


@topic.get("/businesses/<int:business_id>/directory")
@requires(Permission.BUSINESS_READ)
@topic.arguments(DirectoryQuery, location="query")
@topic.response(200, page_of(DirectoryEntrySchema))
def list_directory(query: dict[str, Any], business_id: int) -> Any:
    """Find businesses, for one that is approved"""
    directory.check_reader(db.session, current_actor(), business_id)
    asked = {name: value for name, value in query.items() if name not in ("after", "limit")}
    return page(listings_where(on=today(), **asked), Listing.id, query, told=_told)


@topic.get("/businesses/<int:business_id>/directory/listing")
@requires(Permission.BUSINESS_READ)
@topic.response(200, ListingSchema)
def show_listing(business_id: int) -> Any:
    """Show what a business chose for the directory"""
    return with_version(_own(business_id))


@topic.put("/businesses/<int:business_id>/directory/listing")
@requires(Permission.BUSINESS_WRITE)
@if_match
@topic.arguments(ListingFactsSchema)
@topic.response(200, ListingSchema)
def change_listing(facts: ListingFacts, business_id: int) -> Any:
    """Change what a business shows in the directory, or take it out"""
    version = named_version(_own(business_id))
    return with_version(directory.set_listing(db.session, current_actor(), business_id, facts, version=version))


@topic.post("/businesses/<int:business_id>/directory/listing")
@requires(Permission.BUSINESS_WRITE)
@once
@topic.arguments(ListingFactsSchema)
@topic.response(201, ListingSchema)
def make_listing(facts: ListingFacts, business_id: int) -> Any:
    """Put a business into the directory for the first time"""
    return with_version(directory.set_listing(db.session, current_actor(), business_id, facts))


def _own(business_id: int) -> Listing:
    found = db.session.scalars(listing_of(business_id)).one_or_none()
    if found is None:
        raise NotFound
    return found


def _told(listings: Sequence[Any]) -> list[dict[str, Any]]:
    return [_shown(each) for each in directory.entries(db.session, listings)]


def _shown(entry: Entry) -> dict[str, Any]:
    street = entry.business.street if entry.listing.shows_street else ""
    return {
        "business": entry.business,
        "listing": entry.listing,
        "street": street,
        "commodities": entry.commodities,
        "packaging": entry.packaging,
        "schemes": entry.schemes,
    }
