"""Certificates: handed in, checked, and announced before they lapse."""

import dataclasses
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests import factories
from tests.client import Clock
from tests.uploads import paper
from trace.domain.businesses import ReasonRequired
from trace.domain.certificates import CertificateScheme, CertificateStatus, CertificateStepNotPossible
from trace.domain.errors import AlreadyDecided, Conflict, InvalidFields, NotAllowed
from trace.domain.files import Audience
from trace.domain.permissions import Actor
from trace.services import certificates
from trace.services.certificates import CertificateFacts
from trace.storage.businesses import Business
from trace.storage.certificates import Certificate
from trace.storage.files import FileStore
from trace.storage.notices import Notice


def facts(**changes: Any) -> CertificateFacts:
    vietgap = CertificateFacts(
        scheme=CertificateScheme.VIETGAP,
        number="VietGAP-TT-01",
        issuer="Trung tâm Chứng nhận",
        valid_from=date(2026, 1, 1),
        valid_until=date(2026, 12, 31),
    )
    return dataclasses.replace(vietgap, **changes)


@pytest.fixture(autouse=True)
def _second_of_march(clock: Clock) -> None:
    clock.set(datetime(2026, 3, 2, 3, 0, tzinfo=UTC))


@pytest.fixture
def business(session: Session) -> Business:
    return factories.make_business(session, owner=factories.make_user(session))


@pytest.fixture
def owner(session: Session, business: Business) -> Actor:
    from trace.storage.accounts import Membership

    return factories.actor(session.scalars(select(Membership)).one().user)


@pytest.fixture
def officer(session: Session) -> Actor:
    return factories.actor(factories.make_officer(session, name="Trần Văn Minh"))


@pytest.fixture
def store(tmp_path: Path) -> FileStore:
    return FileStore(tmp_path)


@pytest.fixture
def certificate(session: Session, owner: Actor, business: Business, store: FileStore, officer: Actor) -> Certificate:
    return certificates.submit(session, owner, business.id, facts(), file=paper(), store=store)


def kinds(session: Session) -> list[str]:
    return list(session.scalars(select(Notice.kind).order_by(Notice.id)))


def test_a_certificate_waits_for_its_check(session: Session, certificate: Certificate) -> None:
    assert certificate.status is CertificateStatus.SUBMITTED
    assert certificate.file
    assert certificate.file.audience is Audience.BUSINESS
    assert kinds(session) == ["certificate-submitted"]


def test_an_officer_verifies_it_once(session: Session, certificate: Certificate, officer: Actor) -> None:
    certificates.verify(session, officer, certificate.id, version=certificate.version)
    assert (certificate.status, certificate.checked_by_name) == (CertificateStatus.VERIFIED, "Trần Văn Minh")
    assert kinds(session)[-1] == "certificate-verify"
    with pytest.raises(AlreadyDecided):
        certificates.refuse(session, officer, certificate.id, "Không rõ dấu")


def test_the_second_of_two_officers_is_told_who_was_faster(
    session: Session, certificate: Certificate, officer: Actor, owner: Actor, store: FileStore
) -> None:
    seen = certificate.version
    certificates.refuse(session, officer, certificate.id, "Ảnh mờ", version=seen)
    with pytest.raises(AlreadyDecided) as told:
        certificates.verify(session, officer, certificate.id, version=seen)
    assert told.value.values["person"] == "Trần Văn Minh"
    certificates.revise(session, owner, certificate.id, facts(number="VietGAP-TT-02"), file=None, store=store)
    with pytest.raises(Conflict):
        certificates.verify(session, officer, certificate.id, version=seen)


def test_a_refusal_has_a_reason_and_is_mended(
    session: Session, certificate: Certificate, officer: Actor, owner: Actor, store: FileStore
) -> None:
    with pytest.raises(ReasonRequired):
        certificates.refuse(session, officer, certificate.id, " ")
    certificates.refuse(session, officer, certificate.id, "Ảnh mờ")
    assert (certificate.status, certificate.reason) == (CertificateStatus.REFUSED, "Ảnh mờ")
    certificates.revise(session, owner, certificate.id, facts(number="VietGAP-TT-02"), file=None, store=store)
    assert (certificate.status, certificate.reason) == (CertificateStatus.SUBMITTED, "")
    assert certificate.file


def test_what_was_verified_is_not_rewritten(
    session: Session, certificate: Certificate, officer: Actor, owner: Actor, store: FileStore
) -> None:
    certificates.verify(session, officer, certificate.id)
    with pytest.raises(CertificateStepNotPossible):
        certificates.revise(session, owner, certificate.id, facts(), file=None, store=store)


def test_a_business_does_not_verify_its_own(session: Session, certificate: Certificate, owner: Actor) -> None:
    with pytest.raises(NotAllowed):
        certificates.verify(session, owner, certificate.id)


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"number": ""}, "number"),
        ({"issuer": " "}, "issuer"),
        ({"valid_from": None}, "valid_from"),
        ({"valid_from": date(2036, 1, 1)}, "valid_from"),
        ({"valid_until": date(2025, 12, 31)}, "valid_until"),
        ({"site_ids": [999]}, "site_ids"),
    ],
)
def test_what_is_wrong_is_said_at_its_field(
    session: Session, owner: Actor, business: Business, store: FileStore, wrong: dict[str, Any], field: str
) -> None:
    with pytest.raises(InvalidFields) as refused:
        certificates.submit(session, owner, business.id, facts(**wrong), file=paper(), store=store)
    assert [error.field for error in refused.value.errors] == [field]


def test_a_certificate_comes_with_its_paper(
    session: Session, owner: Actor, business: Business, store: FileStore
) -> None:
    with pytest.raises(InvalidFields) as refused:
        certificates.submit(session, owner, business.id, facts(), file=None, store=store)
    assert [error.field for error in refused.value.errors] == ["file"]


def test_the_scope_is_the_businesss_own(session: Session, owner: Actor, business: Business, store: FileStore) -> None:
    site = factories.make_site(session, business)
    foreign = factories.make_site(session, factories.make_business(session))
    kept = certificates.submit(session, owner, business.id, facts(site_ids=[site.id]), file=paper(), store=store)
    assert kept.sites == [site]
    with pytest.raises(InvalidFields):
        certificates.submit(session, owner, business.id, facts(site_ids=[foreign.id]), file=paper(), store=store)


def test_a_lapse_is_announced_once_within_thirty_days(session: Session, business: Business, clock: Clock) -> None:
    factories.make_certificate(session, business, valid_until=date(2026, 3, 31))
    factories.make_certificate(session, business, valid_until=date(2026, 4, 1))
    factories.make_certificate(session, business, valid_until=date(2026, 3, 1))
    factories.make_certificate(session, business, valid_until=date(2026, 3, 15), status=CertificateStatus.REFUSED)
    assert certificates.announce_lapsing(session) == 1
    assert certificates.announce_lapsing(session) == 0
    clock.advance(days=1)
    assert certificates.announce_lapsing(session) == 1
    assert kinds(session) == ["certificate-lapsing", "certificate-lapsing"]
