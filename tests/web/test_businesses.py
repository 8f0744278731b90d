"""Applying and keeping a profile, on the pages."""

import re
from io import BytesIO
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests import factories
from tests.client import Client
from tests.uploads import BOMB, paper
from trace.domain.businesses import BusinessStatus
from trace.storage.businesses import Business

APPLICATION = {
    "kind": "cooperative",
    "legal_name": "Hợp tác xã Rau Văn Đức",
    "tax_code": "0109999904",
    "phone": "0912 345 678",
    "province": "01",
    "commune": "Văn Đức, Gia Lâm",
    "street": "Thôn 3",
    "site_kind": "growing_area",
    "site_name": "Ruộng Văn Đức",
}


@pytest.fixture
def owner(session: Session, client: Client) -> Any:
    user = factories.make_user(session)
    client.sign_in(user)
    return user


def test_a_person_applies_and_reads_what_the_former_commune_became(
    client: Client, owner: Any, session: Session
) -> None:
    documents = (BytesIO(paper()), "giấy đăng ký.pdf")
    answer = client.submit("/workspace/apply", {**APPLICATION, "documents": documents})
    assert answer.status_code == 303
    business = session.scalars(select(Business)).one()
    assert (business.commune_code, business.street) == ("00577", "Thôn 3")
    assert business.former_address == "Văn Đức, Gia Lâm"
    page = client.get(answer.location).text
    assert "Xã Văn Đức (huyện Gia Lâm cũ) nay thuộc xã Bát Tràng." in page
    assert "Hồ sơ đang chờ duyệt." in page
    assert "giấy đăng ký.pdf" in client.get(f"/workspace/{business.id}/documents").text


def test_a_refused_form_keeps_everything_that_was_typed(client: Client, owner: Any) -> None:
    answer = client.submit("/workspace/apply", {**APPLICATION, "tax_code": "0109999999", "phone": "12"})
    assert answer.status_code == 422
    assert "sai số kiểm tra" in answer.text
    for typed in ("Hợp tác xã Rau Văn Đức", "0109999999", "Văn Đức, Gia Lâm", "Ruộng Văn Đức"):
        assert f'value="{typed}"' in answer.text
    assert re.search(r"<input checked[^>]*value=\"cooperative\"", answer.text)


def test_an_ambiguous_commune_is_offered_as_a_choice(client: Client, owner: Any, session: Session) -> None:
    answer = client.submit("/workspace/apply", {**APPLICATION, "commune": "Đông Anh"})
    assert answer.status_code == 422
    choice = re.search(r'name="commune_choice"[^>]*value="(\d+)"', answer.text)
    assert choice
    client.submit("/workspace/apply", {**APPLICATION, "commune": "Đông Anh", "commune_choice": choice[1]})
    assert session.scalars(select(Business.commune_code)).one() == choice[1]


def test_a_bad_document_is_refused_at_its_field(client: Client, owner: Any, session: Session) -> None:
    answer = client.submit("/workspace/apply", {**APPLICATION, "documents": (BytesIO(BOMB), "a.pdf")})
    assert answer.status_code == 422
    assert 'id="documents-error"' in answer.text
    assert session.scalars(select(Business)).all() == []


def test_the_overview_says_what_to_do_next(client: Client, owner: Any, session: Session) -> None:
    business = factories.make_business(session, owner=owner)
    assert f"/workspace/{business.id}/products/new" in client.get(f"/workspace/{business.id}").text
    factories.make_product(session, business)
    factories.make_site(session, business)
    page = client.get(f"/workspace/{business.id}").text
    assert "Lô mới" in page


def test_a_rejected_applicant_reads_why_and_applies_again(client: Client, owner: Any, session: Session) -> None:
    business = factories.make_business(session, owner=owner, status=BusinessStatus.REJECTED)
    overview = f"/workspace/{business.id}"
    assert client.submit(f"{overview}/enrolment/apply", form=overview).status_code == 303
    session.refresh(business)
    assert business.status is BusinessStatus.APPLIED


def test_the_profile_is_changed_once_by_whom_it_was_seen(client: Client, owner: Any, session: Session) -> None:
    business = factories.make_business(session, owner=owner, tax_code="0109999904")
    path = f"/workspace/{business.id}/profile"
    facts = {**APPLICATION, "version": str(business.version)}
    assert client.submit(path, facts).status_code == 303
    stale = client.submit(path, {**facts, "legal_name": "Tên khác"})
    assert stale.status_code == 422
    assert "vừa được thay đổi" in stale.text


def test_the_owner_chooses_what_shoppers_see(client: Client, owner: Any, session: Session) -> None:
    business = factories.make_business(session, owner=owner)
    client.submit(f"/workspace/{business.id}/visibility", {"phone": "on"})
    session.refresh(business)
    assert business.visibility == {"phone": True, "street": False}


def test_a_document_opens_for_its_business_and_the_department_only(
    client: Client, owner: Any, session: Session
) -> None:
    business = factories.make_business(session, owner=owner)
    path = f"/workspace/{business.id}/documents"
    client.submit(path, {"documents": (BytesIO(paper()), "giấy.pdf")})
    link = re.search(r"/files/[0-9a-f]{64}\.pdf", client.get(path).text)
    assert link
    opened = client.get(link[0], buffered=True)
    assert (opened.status_code, opened.mimetype) == (200, "application/pdf")
    assert opened.headers["X-Content-Type-Options"] == "nosniff"
    assert opened.headers["Cache-Control"] == "private, no-store"
    client.sign_in(factories.make_user(session))
    assert client.get(link[0]).status_code == 404


def test_the_type_ahead_explains_former_communes(client: Client) -> None:
    (first, *_) = client.get("/addresses?q=van+duc&province=01").json["suggestions"]
    assert first["commune"] == "Xã Bát Tràng"
    assert first["note"] == "Xã Văn Đức (huyện Gia Lâm cũ) nay thuộc xã Bát Tràng."
    assert client.get("/addresses?q=").json == {"suggestions": []}
