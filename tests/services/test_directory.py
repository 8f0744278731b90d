"""A business is found in the directory by what it chose to show, and by nothing else."""

from datetime import date

import pytest
from sqlalchemy.orm import Session

from tests import factories
from tests.client import Clock
from tests.trading_partners import make_listing
from trace.domain.businesses import BusinessKind, BusinessStatus
from trace.domain.certificates import CertificateScheme, CertificateStatus
from trace.domain.connections import NoContactChosen
from trace.domain.directory import DirectoryClosed
from trace.domain.errors import InvalidFields
from trace.domain.permissions import Actor
from trace.domain.products import Commodity, PackagingMaterial
from trace.services import directory
from trace.services.directory import ListingFacts
from trace.storage.businesses import Business
from trace.storage.directory import listings_where

TODAY = date(2026, 3, 2)


@pytest.fixture
def shown(session: Session, clock: Clock) -> Business:
    """A co-operative with everything on show: vegetables in paper, VietGAP."""
    clock.set(factories.NOW)
    business = factories.make_business(session, legal_name="Hợp tác xã Đầm Sen")
    factories.make_product(session, business, packaging_material=PackagingMaterial.PAPER)
    factories.make_certificate(session, business)
    make_listing(session, business)
    return business


def found(session: Session, **asked: object) -> list[str]:
    listings = session.scalars(listings_where(on=TODAY, **asked)).all()  # type: ignore[arg-type] # of several types
    return [listing.business.legal_name for listing in listings]


@pytest.mark.parametrize(
    ("right", "wrong"),
    [
        ({"search": "dam sen"}, {"search": "đồng"}),
        ({"kind": BusinessKind.COOPERATIVE}, {"kind": BusinessKind.SHOP}),
        ({"commune_code": "00070"}, {"commune_code": "00004"}),
        ({"commodity": Commodity.VEGETABLES}, {"commodity": Commodity.FISH}),
        ({"packaging": PackagingMaterial.PAPER}, {"packaging": PackagingMaterial.GLASS}),
        ({"scheme": CertificateScheme.VIETGAP}, {"scheme": CertificateScheme.HACCP}),
    ],
)
def test_it_is_found_by_what_it_shows(
    session: Session, shown: Business, right: dict[str, object], wrong: dict[str, object]
) -> None:
    assert found(session, **right) == ["Hợp tác xã Đầm Sen"]
    assert found(session, **wrong) == []


def test_nothing_is_told_of_what_it_hides(session: Session, shown: Business) -> None:
    listing = directory.entry_of(session, shown.id).listing
    listing.shows_products = listing.shows_certificates = False
    assert found(session, commodity=Commodity.VEGETABLES) == found(session, scheme=CertificateScheme.VIETGAP) == []
    entry = directory.entry_of(session, shown.id)
    assert (entry.commodities, entry.packaging, entry.schemes) == ([], [], [])


def test_only_certificates_that_were_checked_and_stand_today_count(session: Session, shown: Business) -> None:
    scheme = CertificateScheme.HACCP
    factories.make_certificate(session, shown, scheme=scheme, status=CertificateStatus.SUBMITTED)
    factories.make_certificate(session, shown, scheme=scheme, valid_until=date(2026, 3, 1))
    assert directory.entry_of(session, shown.id).schemes == [CertificateScheme.VIETGAP]
    assert found(session, scheme=scheme) == []


def test_a_suspended_business_is_not_found_and_finds_nobody(session: Session, shown: Business) -> None:
    shown.status = BusinessStatus.SUSPENDED
    assert found(session) == []
    actor = factories.actor(factories.make_officer(session))
    with pytest.raises(DirectoryClosed):
        directory.check_reader(session, actor, shown.id)


def test_the_owner_chooses_and_must_be_reachable(session: Session, owner: Actor, business_id: int) -> None:
    session.commit()
    with pytest.raises(NoContactChosen):
        directory.set_listing(session, owner, business_id, ListingFacts(listed=True, contact_name="Cô Ba"))
    session.rollback()
    with pytest.raises(InvalidFields):
        directory.set_listing(session, owner, business_id, ListingFacts(listed=True, email="không phải"))
    session.rollback()
    facts = ListingFacts(listed=True, offers="Rau", shares_phone=True)
    listing = directory.set_listing(session, owner, business_id, facts)
    assert directory.contact_of(listing).phone == "+84912345678"
    directory.set_listing(session, owner, business_id, ListingFacts(), version=listing.version)
    assert found(session) == []
