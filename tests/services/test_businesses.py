"""Applying, being decided about, and keeping a profile."""

import dataclasses
from typing import Any

import pytest
from sqlalchemy import false, select
from sqlalchemy.orm import Session

from tests import factories
from tests.approving import approve
from tests.uploads import BOMB, paper, picture
from trace.domain.approvals import ApprovalKind
from trace.domain.businesses import BusinessKind, BusinessStatus, Decision, ReasonRequired
from trace.domain.errors import AlreadyDecided, Conflict, InvalidFields, InvalidInput, NotAllowed, NotFound
from trace.domain.permissions import Actor, Role
from trace.domain.sites import SiteKind
from trace.services import businesses
from trace.services.businesses import BusinessFacts, TaxCodeTaken, Upload
from trace.services.sites import SiteFacts
from trace.storage.accounts import Membership
from trace.storage.audit import AuditEntry
from trace.storage.businesses import Business
from trace.storage.files import FileStore
from trace.storage.notices import Notice
from trace.storage.sites import Site

TAX_CODE, OTHER_TAX_CODE = "0109999904", "0109999911"


def facts(**changes: Any) -> BusinessFacts:
    return dataclasses.replace(
        BusinessFacts(
            kind=BusinessKind.COOPERATIVE,
            legal_name="Hợp tác xã  Rau Văn Đức",
            tax_code=TAX_CODE,
            phone="0912 345 678",
            commune_code="00577",
        ),
        **changes,
    )


def fields_of(error: pytest.ExceptionInfo[InvalidFields]) -> set[str | None]:
    return {one.field for one in error.value.errors}


def person_of(session: Session, business: Business) -> Actor:
    return factories.actor(session.scalars(select(Membership).where(Membership.business_id == business.id)).one().user)


@pytest.fixture
def store(tmp_path: Any) -> FileStore:
    return FileStore(tmp_path)


def test_whoever_applies_owns_the_business_and_officers_are_told(session: Session, store: FileStore) -> None:
    officer, person = factories.make_officer(session), factories.make_user(session)
    site = SiteFacts(kind=SiteKind.GROWING_AREA, name="Vùng rau Văn Đức", commune_code="00577")
    papers = [Upload("giấy đăng ký.pdf", paper()), Upload("ảnh.jpg", picture())]
    business = businesses.apply(session, factories.actor(person), facts(), site=site, documents=papers, store=store)
    session.refresh(person)
    assert factories.actor(person).memberships == {business.id: Role.OWNER}
    assert business.status is BusinessStatus.APPLIED
    assert (business.legal_name, business.folded_name) == ("Hợp tác xã Rau Văn Đức", "hop tac xa rau van duc")
    assert (business.phone, business.province_code) == ("+84912345678", "01")
    assert [decision.after for decision in business.decisions] == [BusinessStatus.APPLIED]
    assert [document.name for document in business.documents] == ["giấy đăng ký.pdf", "ảnh.jpg"]
    assert session.scalars(select(Site.code).where(Site.business_id == business.id)).all() == ["VRVD"]
    assert session.scalars(select(Notice.kind).where(Notice.user_id == officer.id)).all() == ["business-applied"]


def test_everything_wrong_is_said_at_once(session: Session) -> None:
    person = factories.actor(factories.make_user(session))
    wrong = facts(legal_name=" ", tax_code="0109999999", phone="12", commune_code="99999")
    with pytest.raises(InvalidFields) as refused:
        businesses.apply(session, person, wrong)
    assert fields_of(refused) == {"legal_name", "tax_code", "phone", "commune"}


def test_a_business_needs_a_tax_code_or_a_household_number(session: Session) -> None:
    person = factories.actor(factories.make_user(session))
    with pytest.raises(InvalidFields) as refused:
        businesses.apply(session, person, facts(tax_code=""))
    assert fields_of(refused) == {"tax_code"}
    assert businesses.apply(session, person, facts(tax_code="", household_number="01A8012345")).tax_code is None


def test_a_tax_code_enrols_once(session: Session) -> None:
    person = factories.actor(factories.make_user(session))
    businesses.apply(session, person, facts())
    with pytest.raises(InvalidFields) as refused:
        businesses.apply(session, person, facts(legal_name="Khác"))
    assert fields_of(refused) == {"tax_code"}


def test_two_who_enrol_the_same_tax_code_at_once_get_the_same_sentence(
    session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    person = factories.actor(factories.make_user(session))
    businesses.apply(session, person, facts())
    second = businesses.apply(session, person, facts(tax_code=OTHER_TAX_CODE))
    unseen = select(Business).where(false())
    monkeypatch.setattr(businesses, "business_with_tax_code", lambda _tax_code: unseen)
    with pytest.raises(TaxCodeTaken):
        businesses.update(session, person_of(session, second), second.id, facts())
    session.rollback()
    with pytest.raises(TaxCodeTaken):
        businesses.apply(session, person, facts())


def test_an_application_with_a_bad_document_keeps_nothing(session: Session, store: FileStore) -> None:
    person = factories.make_user(session)
    session.commit()
    with pytest.raises(InvalidInput) as refused:
        businesses.apply(session, factories.actor(person), facts(), documents=[Upload("a.pdf", BOMB)], store=store)
    assert refused.value.field == "documents"
    session.rollback()
    assert session.scalars(select(Business)).all() == []


def test_every_decision_is_kept_and_told(session: Session) -> None:
    owner, officer = factories.make_user(session), factories.make_officer(session, name="Nguyễn Thị Lan")
    business = factories.make_business(session, owner=owner, status=BusinessStatus.APPLIED)
    judge = factories.actor(officer)
    businesses.decide(session, judge, business.id, Decision.APPROVE)
    businesses.decide(session, judge, business.id, Decision.SUSPEND, "Mẫu rau vượt mức dư lượng.")
    assert business.status is BusinessStatus.APPROVED
    approve(session, ApprovalKind.SUSPENSION, business.id)
    businesses.decide(session, judge, business.id, Decision.REINSTATE, "Đã khắc phục.")
    assert [(d.before, d.after, d.reason, d.decided_by_name) for d in business.decisions] == [
        (BusinessStatus.APPLIED, BusinessStatus.APPROVED, "", "Nguyễn Thị Lan"),
        (BusinessStatus.APPROVED, BusinessStatus.SUSPENDED, "Mẫu rau vượt mức dư lượng.", "Người thứ hai"),
        (BusinessStatus.SUSPENDED, BusinessStatus.APPROVED, "Đã khắc phục.", "Nguyễn Thị Lan"),
    ]
    kinds = session.scalars(select(Notice.kind).where(Notice.user_id == owner.id).order_by(Notice.id)).all()
    assert kinds == ["business-approve", "business-suspend", "business-reinstate"]


def test_a_refusal_says_why(session: Session) -> None:
    business = factories.make_business(session, status=BusinessStatus.APPLIED)
    with pytest.raises(ReasonRequired):
        businesses.decide(session, factories.actor(factories.make_officer(session)), business.id, Decision.REJECT, " ")


def test_the_second_of_two_officers_is_told_that_the_first_decided(session: Session) -> None:
    business = factories.make_business(session, status=BusinessStatus.APPLIED)
    first, second = (factories.actor(factories.make_officer(session)) for _ in range(2))
    seen = business.version
    businesses.decide(session, first, business.id, Decision.APPROVE, version=seen)
    for version in (seen, None):
        with pytest.raises(AlreadyDecided) as told:
            businesses.decide(session, second, business.id, Decision.REJECT, "Thiếu giấy", version=version)
        assert told.value.values["person"] == first.name


def test_a_rejected_business_mends_its_application_and_applies_again(session: Session) -> None:
    owner = factories.make_user(session)
    business = factories.make_business(session, owner=owner, status=BusinessStatus.REJECTED)
    businesses.update(
        session, factories.actor(owner), business.id, facts(legal_name="Tên đúng"), version=business.version
    )
    businesses.decide(session, factories.actor(owner), business.id, Decision.APPLY)
    assert (business.legal_name, business.status) == ("Tên đúng", BusinessStatus.APPLIED)


def test_only_officers_approve_and_only_owners_change_the_profile(session: Session) -> None:
    owner, staff, stranger = (factories.make_user(session) for _ in range(3))
    business = factories.make_business(session, owner=owner, staff=[staff], status=BusinessStatus.APPLIED)
    with pytest.raises(NotAllowed):
        businesses.decide(session, factories.actor(owner), business.id, Decision.APPROVE)
    with pytest.raises(NotAllowed):
        businesses.update(session, factories.actor(staff), business.id, facts())
    with pytest.raises(NotFound):
        businesses.update(session, factories.actor(stranger), business.id, facts())


def test_two_owners_cannot_overwrite_each_other(session: Session) -> None:
    owner = factories.make_user(session)
    business = factories.make_business(session, owner=owner)
    seen = business.version
    businesses.update(session, factories.actor(owner), business.id, facts(legal_name="Tên một"), version=seen)
    with pytest.raises(Conflict):
        businesses.update(session, factories.actor(owner), business.id, facts(legal_name="Tên hai"), version=seen)


def test_the_audit_trail_tells_what_changed(session: Session) -> None:
    owner = factories.make_user(session)
    business = factories.make_business(session, owner=owner, legal_name="Cũ", tax_code=OTHER_TAX_CODE)
    businesses.update(session, factories.actor(owner), business.id, facts(legal_name="Mới", tax_code=OTHER_TAX_CODE))
    changes = session.scalars(select(AuditEntry.changes).where(AuditEntry.action == "businesses:update")).one()
    assert changes["legal_name"] == ["Cũ", "Mới"]
    assert "tax_code" not in changes


def test_a_business_chooses_what_shoppers_see(session: Session) -> None:
    owner = factories.make_user(session)
    business = factories.make_business(session, owner=owner)
    businesses.set_visibility(session, factories.actor(owner), business.id, {"phone": True, "tax_code": True})
    assert business.visibility == {"phone": True, "street": False}
