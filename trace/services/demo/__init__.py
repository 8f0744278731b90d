"""A small, invented safe-vegetable chain around Hà Nội, and crowds of growers for trials at scale."""

from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from ...domain.stamps import StampKeys
from ...storage.accounts import User
from ...storage.audit import AuditEntry
from ...storage.batches import Batch
from ...storage.businesses import Business
from ...storage.complaints import Complaint
from ...storage.products import Product
from . import cast, script
from .casing import case_link
from .recalling import recall_link
from .stamping import stamp_links
from .story import LOADED
from .trading import KEY


def is_loaded(session: Session) -> bool:
    return session.scalars(select(AuditEntry.id).where(AuditEntry.action == LOADED).limit(1)).first() is not None


def has_begun(session: Session) -> bool:
    """Whether some of the story is there: it may have been interrupted."""
    return session.scalars(select(User.id).where(User.email == cast.PEOPLE[0].email)).first() is not None


def photos(session: Session) -> list[int]:
    """The stored photos of the story's products."""
    wanted = select(Product.photo_id).where(Product.photo_id.isnot(None)).order_by(Product.id).limit(8)
    return [photo for photo in session.scalars(wanted) if photo]


def describe(session: Session, keys: StampKeys, public_url: str) -> dict[str, dict[str, Any]]:
    """The story's ``batches`` (part → public code), ``businesses`` and ``links``, the complete batch first."""
    rows = session.execute(
        select(Batch.client_key, Batch.public_code).where(
            Batch.client_key.startswith(KEY), Batch.public_code.isnot(None)
        )
    )
    codes = {str(key).removeprefix(KEY): str(code) for key, code in rows}
    told = [harvest.part for harvest in reversed(script.HARVESTS)]
    named = [part for part in (*told, *sorted(codes.keys() - set(told))) if part in codes]
    batches = {part: codes[part] for part in sorted(named, key=lambda part: part[-1].isdigit())}
    names = {house.name: house.part for house in cast.HOUSES}
    found = session.scalars(select(Business).where(Business.legal_name.in_(names)).order_by(Business.id))
    businesses = {
        names[one.legal_name]: {"id": one.id, "name": one.legal_name, "tax_code": one.tax_code} for one in found
    }
    links = {part: f"{public_url}/q/{code}" for part, code in batches.items() if not part[-1].isdigit()}
    if tomatoes := session.scalars(select(Batch).where(Batch.public_code == batches.get("tomatoes"))).first():
        links["digital_link"] = f"{public_url}/01/{tomatoes.product.gtin}/10/{tomatoes.lot}"
    if tracking := session.scalars(select(Complaint.tracking_number).order_by(Complaint.id).limit(1)).first():
        links["complaint"] = f"{public_url}/complaints/{tracking}"
    links |= stamp_links(session, keys, public_url)
    links |= {"recall": recall_link(session, public_url), "case": case_link(session, public_url)}
    links |= {"workspace": f"{public_url}/workspace/", "authority": f"{public_url}/authority/"}
    return {"batches": batches, "businesses": businesses, "links": links}
