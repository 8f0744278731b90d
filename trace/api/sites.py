"""Places of a business."""

from typing import Any

from ..domain.permissions import Permission
from ..domain.sites import SiteKind
from ..request.access import current_actor, owned, requires
from ..request.database import db
from ..services import sites
from ..services.sites import SiteFacts
from ..storage.sites import Site, sites_of
from .fields import Boolean, Integer, Member, Moment, Number, Text
from .schemas import FactsSchema, PageQuery, Schema, page_of
from .topics import Topic, if_match, named_version, once, page, with_version

topic = Topic("Sites", "Growing areas, farms, packing houses, stores and shops of a business.")


class SiteFactsSchema(FactsSchema):
    makes = SiteFacts

    kind = Member(SiteKind, required=True)
    name = Text(required=True)
    commune_code = Text(required=True, metadata={"description": "Of a commune in force: see /addresses"})
    code = Text(metadata={"description": "First part of proposed lot codes; proposed itself where empty"})
    growing_area_code = Text()
    area_m2 = Integer(allow_none=True)
    gln = Text(allow_none=True)
    latitude = Number(allow_none=True)
    longitude = Number(allow_none=True)


class SiteSchema(SiteFactsSchema):
    id = Integer()
    active = Boolean()
    province_code = Text()
    created_at = Moment()


class ActiveSchema(Schema):
    active = Boolean(required=True)


@topic.get("/businesses/<int:business_id>/sites")
@requires(Permission.BUSINESS_READ)
@topic.arguments(PageQuery, location="query")
@topic.response(200, page_of(SiteSchema))
def list_sites(query: dict[str, Any], business_id: int) -> Any:
    """List the places of a business"""
    return page(sites_of(business_id), Site.id, query)


@topic.post("/businesses/<int:business_id>/sites")
@requires(Permission.SITES_WRITE)
@once
@topic.arguments(SiteFactsSchema)
@topic.response(201, SiteSchema)
def register_site(facts: SiteFacts, business_id: int) -> Any:
    """Register a place"""
    return with_version(sites.register(db.session, current_actor(), business_id, facts))


@topic.get("/businesses/<int:business_id>/sites/<int:site_id>")
@requires(Permission.BUSINESS_READ)
@topic.response(200, SiteSchema)
def show_site(business_id: int, site_id: int) -> Any:
    """Show a place"""
    return with_version(owned(Site, site_id, business_id))


@topic.put("/businesses/<int:business_id>/sites/<int:site_id>")
@requires(Permission.SITES_WRITE)
@if_match
@topic.arguments(SiteFactsSchema)
@topic.response(200, SiteSchema)
def update_site(facts: SiteFacts, business_id: int, site_id: int) -> Any:
    """Replace the facts of a place"""
    version = named_version(owned(Site, site_id, business_id))
    return with_version(sites.update(db.session, current_actor(), site_id, facts, version=version))


@topic.put("/businesses/<int:business_id>/sites/<int:site_id>/active")
@requires(Permission.SITES_WRITE)
@if_match
@topic.arguments(ActiveSchema)
@topic.response(200, SiteSchema)
def set_site_active(data: dict[str, bool], business_id: int, site_id: int) -> Any:
    """Take a place out of use, or bring it back"""
    version = named_version(owned(Site, site_id, business_id))
    return with_version(sites.set_active(db.session, current_actor(), site_id, active=data["active"], version=version))
