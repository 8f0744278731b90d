"""Being in the directory of businesses, and reading it."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from ..domain.businesses import BusinessStatus
from ..domain.certificates import CertificateScheme
from ..domain.connections import NoContactChosen
from ..domain.directory import LONGEST_TEXT, Contact, DirectoryClosed, check_email
from ..domain.errors import N_, NotFound
from ..domain.permissions import Actor, Permission, require
from ..domain.products import Commodity, PackagingMaterial
from ..domain.text import clean, clean_lines
from ..storage.businesses import Business
from ..storage.directory import Listing, listing_of, listings_where, products_shown, schemes_shown
from . import audit
from .changes import Faults, assign, load_for_change
from .clock import now, today


@dataclass(frozen=True, kw_only=True)
class ListingFacts:
    """As the owner chooses; see ``storage.directory.Listing``."""

    listed: bool = False
    offers: str = ""
    seeks: str = ""
    shows_products: bool = False
    shows_certificates: bool = False
    shows_street: bool = False
    shares_phone: bool = False
    contact_name: str = ""
    email: str = ""


@dataclass(frozen=True)
class Entry:
    """A listing and what of the business it shows today."""

    listing: Listing
    commodities: Sequence[Commodity]
    packaging: Sequence[PackagingMaterial]
    schemes: Sequence[CertificateScheme]

    @property
    def business(self) -> Business:
        return self.listing.business


def set_listing(
    session: Session, actor: Actor, business_id: int, facts: ListingFacts, *, version: int | None = None
) -> Listing:
    """Put a business into the directory, change what it shows there, or take it out.

    Raises InvalidFields, NoContactChosen for one that nobody could reach, or Conflict.
    """
    require(actor, Permission.BUSINESS_WRITE, business_id)
    business = load_for_change(session, Business, business_id)
    values = _checked(facts)
    listing = session.scalars(listing_of(business_id)).one_or_none()
    if listing is None:
        listing = Listing(business=business, updated_at=now())
        session.add(listing)
        session.flush()
    else:
        listing = load_for_change(session, Listing, listing.id, version)
    changes = assign(listing, **values)
    if facts.listed and not contact_of(listing).is_enough:
        raise NoContactChosen(field="shares_phone")
    if changes:
        listing.updated_at = now()
        audit.record(session, actor, "directory:set_listing", listing, changes=changes)
    session.commit()
    return listing


def check_reader(session: Session, actor: Actor, business_id: int) -> None:
    """Raises DirectoryClosed where somebody looks for a business that is not approved."""
    require(actor, Permission.BUSINESS_READ, business_id)
    if session.get_one(Business, business_id).status is not BusinessStatus.APPROVED:
        raise DirectoryClosed


def entry_of(session: Session, business_id: int) -> Entry:
    """Raises NotFound for a business that is not in the directory."""
    found = session.scalars(listings_where(on=today()).where(Listing.business_id == business_id)).one_or_none()
    if found is None:
        raise NotFound
    return entries(session, [found])[0]


def entries(session: Session, listings: Sequence[Listing]) -> list[Entry]:
    """What each shows, by two questions for all of them."""
    commodities: dict[int, set[Commodity]] = defaultdict(set)
    packaging: dict[int, set[PackagingMaterial]] = defaultdict(set)
    schemes: dict[int, set[CertificateScheme]] = defaultdict(set)
    showing = [one.business_id for one in listings if one.shows_products]
    for business_id, commodity, material in session.execute(products_shown(showing)):
        commodities[business_id].add(commodity)
        if material is not None:
            packaging[business_id].add(material)
    certified = [one.business_id for one in listings if one.shows_certificates]
    for business_id, scheme in session.execute(schemes_shown(certified, today())):
        schemes[business_id].add(scheme)
    return [
        Entry(
            one,
            [each for each in Commodity if each in commodities[one.business_id]],
            [each for each in PackagingMaterial if each in packaging[one.business_id]],
            [each for each in CertificateScheme if each in schemes[one.business_id]],
        )
        for one in listings
    ]


def contact_of(listing: Listing | None) -> Contact:
    """What its partners see; nothing where the business never chose."""
    if listing is None:
        return Contact("", "", "")
    return Contact(listing.contact_name, listing.business.phone if listing.shares_phone else "", listing.email)


def _checked(facts: ListingFacts) -> dict[str, object]:
    faults = Faults()
    texts = {name: clean_lines(getattr(facts, name)) for name in ("offers", "seeks")}
    for name, text in texts.items():
        if len(text) > LONGEST_TEXT:
            faults.add(N_("Nội dung này quá dài (tối đa %(limit)s ký tự)."), field=name, limit=LONGEST_TEXT)
    email = faults.attempt(check_email, clean(facts.email))
    faults.raise_any()
    flags = ("listed", "shows_products", "shows_certificates", "shows_street", "shares_phone")
    return {
        **{name: getattr(facts, name) for name in flags},
        **texts,
        "contact_name": clean(facts.contact_name)[:120],
        "email": email,
    }
