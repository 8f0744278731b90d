"""Businesses that want to be found: by others of the directory, and by shoppers."""

from datetime import date
from typing import Any

from sqlalchemy.orm import Session

from tests.factories import NOW
from trace.domain.green_points import GreenPointStatus
from trace.domain.products import Commodity
from trace.storage.businesses import Business
from trace.storage.directory import Listing
from trace.storage.green_points import GreenPoint, GreenPointGoods
from trace.storage.sites import Site


def make_listing(session: Session, business: Business, **facts: Any) -> Listing:
    """In the directory with everything on show, its owner reached by e-mail."""
    facts = {"listed": True, "contact_name": "Cô Ba", "email": "ba@vidu.example", "updated_at": NOW, **facts}
    listing = Listing(business_id=business.id, **facts)
    session.add(listing)
    session.flush()
    return listing


def make_green_point(session: Session, business: Business, site: Site, **facts: Any) -> GreenPoint:
    """Awarded until the end of 2027 for vegetables."""
    facts = {
        "status": GreenPointStatus.AWARDED,
        "answers": [{"criterion": "trace", "met": True, "note": ""}],
        "applied_on": NOW.date(),
        "created_at": NOW,
        "valid_from": NOW.date(),
        "valid_until": date(2027, 12, 31),
        "goods": [GreenPointGoods(commodity=Commodity.VEGETABLES)],
        "evidence": [],
        **facts,
    }
    point = GreenPoint(business_id=business.id, site_id=site.id, **facts)
    session.add(point)
    session.flush()
    return point
