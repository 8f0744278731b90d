"""The department's pages: deciding, verifying, answering, and who comes in."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests import factories
from tests.client import Client
from trace.domain.businesses import BusinessStatus
from trace.domain.certificates import CertificateStatus
from trace.domain.complaints import ComplaintReason, ComplaintStatus
from trace.storage.audit import AuditEntry
from trace.storage.complaints import Complaint

TAX_CODE = "0109999904"


pytestmark = pytest.mark.usefixtures("in_march")


def test_an_application_is_approved_and_leaves_the_queue(client: Client, officer: Any, session: Session) -> None:
    business = factories.make_business(session, status=BusinessStatus.APPLIED, legal_name="HTX Mới")
    assert "HTX Mới" in client.get("/authority/applications").text
    path = f"/authority/businesses/{business.id}"
    answer = client.submit(path, {"decision": "approve", "version": str(business.version), "reason": ""})
    assert (answer.status_code, answer.location) == (303, path)
    session.refresh(business)
    assert business.status is BusinessStatus.APPROVED
    assert "Cán bộ Hà" in client.get(path).text
    assert "Không còn hồ sơ nào chờ" in client.get("/authority/applications").text


def test_a_rejection_without_a_reason_keeps_the_page_and_says_why(
    client: Client, officer: Any, session: Session
) -> None:
    business = factories.make_business(session, status=BusinessStatus.APPLIED)
    answer = client.submit(f"/authority/businesses/{business.id}", {"decision": "reject", "reason": " "})
    assert answer.status_code == 422
    assert "Hãy ghi rõ lý do" in answer.text


def test_the_second_officer_is_told_and_sees_the_first_decision(client: Client, officer: Any, session: Session) -> None:
    business = factories.make_business(session, status=BusinessStatus.APPLIED)
    path, seen = f"/authority/businesses/{business.id}", str(business.version)
    client.submit(path, {"decision": "reject", "reason": "Thiếu giấy đăng ký", "version": seen})
    client.sign_in(factories.make_officer(session, name="Cán bộ Hùng"))
    again = {"decision": "reject", "reason": "Tên không khớp", "version": seen}
    answer = client.submit(path, again, form="/authority/register/import")
    assert answer.status_code == 422
    for said in ("Cán bộ Hà đã quyết định việc này lúc", "Thiếu giấy đăng ký", "Tên không khớp"):
        assert said in answer.text
    session.refresh(business)
    assert business.status is BusinessStatus.REJECTED


@pytest.mark.parametrize("decision", ["", "withdraw", "apply", "nonsense"])
def test_only_an_officers_decision_is_taken(client: Client, officer: Any, session: Session, decision: str) -> None:
    business = factories.make_business(session, status=BusinessStatus.APPLIED)
    answer = client.submit(f"/authority/businesses/{business.id}", {"decision": decision, "reason": "x"})
    assert answer.status_code == 422
    session.refresh(business)
    assert business.status is BusinessStatus.APPLIED


def test_the_dossier_shows_everything_and_opening_it_is_written_down(
    client: Client, officer: Any, session: Session
) -> None:
    business = factories.make_business(session)
    factories.make_site(session, business, name="Ruộng Bãi", latitude=20.98765, longitude=105.91234)
    factories.make_product(session, business, name="Cải bó xôi")
    factories.make_certificate(session, business, number="VG-123")
    factories.make_batch(session, business, lot="LO-DAU")
    page = client.get(f"/authority/businesses/{business.id}").text
    for words in ("Ruộng Bãi", "20.98765", "Cải bó xôi", "VG-123", "LO-DAU", "0912 345 678"):
        assert words in page
    look = session.scalars(select(AuditEntry)).one()
    assert (look.action, look.business_id, look.actor) == ("businesses:look", business.id, "Cán bộ Hà")


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ("", {"HTX Rau Sông Hồng", "Cửa hàng Xanh"}),
        ("q=song+hong", {"HTX Rau Sông Hồng"}),
        ("q=0109999904", {"Cửa hàng Xanh"}),
        ("kind=shop", {"Cửa hàng Xanh"}),
        ("status=applied", {"HTX Rau Sông Hồng"}),
        ("commune=V%C4%83n+%C4%90%E1%BB%A9c%2C+Gia+L%C3%A2m", {"Cửa hàng Xanh"}),
        ("certificates=valid", {"Cửa hàng Xanh"}),
        ("certificates=lapsing", {"Cửa hàng Xanh"}),
        ("certificates=none", {"HTX Rau Sông Hồng"}),
        ("certificates=lapsed", set()),
        ("kind=nonsense&after=x&status=", {"HTX Rau Sông Hồng", "Cửa hàng Xanh"}),
        ("endpoint=x&_scheme=javascript&_external=1", {"HTX Rau Sông Hồng", "Cửa hàng Xanh"}),
        ("commune=khong+co+noi+nay", {"HTX Rau Sông Hồng", "Cửa hàng Xanh"}),
    ],
)
def test_the_register_is_searched_and_filtered(
    client: Client, officer: Any, session: Session, query: str, names: set[str]
) -> None:
    factories.make_business(session, legal_name="HTX Rau Sông Hồng", status=BusinessStatus.APPLIED)
    shop = factories.make_business(
        session, legal_name="Cửa hàng Xanh", kind="shop", tax_code=TAX_CODE, commune_code="00577"
    )
    factories.make_certificate(session, shop, valid_until=factories.NOW.date() + timedelta(days=10))
    page = client.get(f"/authority/businesses?{query}")
    assert page.status_code == 200
    assert {name for name in ("HTX Rau Sông Hồng", "Cửa hàng Xanh") if name in page.text} == names
    assert "javascript:" not in page.text


def test_a_long_register_is_read_page_by_page(client: Client, officer: Any, session: Session) -> None:
    made = [factories.make_business(session, legal_name=f"Cơ sở số {n}!") for n in range(52)]
    first = client.get("/authority/businesses?q=co+so").text
    assert f"after={made[2].id}" in first
    assert "q=co+so" in first
    second = client.get(f"/authority/businesses?q=co+so&after={made[2].id}").text
    assert made[1].legal_name in second
    assert made[2].legal_name not in second


def test_a_certificate_is_verified_or_refused_with_a_reason(client: Client, officer: Any, session: Session) -> None:
    business = factories.make_business(session)
    good, bad = (
        factories.make_certificate(session, business, number=number, status=CertificateStatus.SUBMITTED)
        for number in ("VG-1", "VG-2")
    )
    assert "VG-1" in client.get("/authority/certificates").text
    answer = client.submit(f"/authority/certificates/{good.id}", {"verdict": "verify", "version": "1"})
    assert answer.status_code == 303
    assert client.submit(f"/authority/certificates/{bad.id}", {"verdict": "refuse"}).status_code == 422
    refused = client.submit(f"/authority/certificates/{bad.id}", {"verdict": "refuse", "reason": "Ảnh mờ"})
    assert refused.status_code == 303
    session.refresh(good)
    session.refresh(bad)
    assert (good.status, bad.status, bad.reason) == (CertificateStatus.VERIFIED, CertificateStatus.REFUSED, "Ảnh mờ")
    again = client.submit(
        f"/authority/certificates/{good.id}", {"verdict": "refuse", "reason": "x"}, form="/authority/register/import"
    )
    assert again.status_code == 422
    assert "đã quyết định việc này lúc" in again.text


def test_a_complaint_is_answered_and_its_phone_number_is_seen_on_the_record(
    client: Client, officer: Any, session: Session, complaint: Complaint
) -> None:
    path = f"/authority/complaints/{complaint.id}"
    assert "Khẩn" in client.get("/authority/complaints").text
    assert "0912 345 678" in client.get(path).text
    assert session.scalars(select(AuditEntry.action)).all() == ["complaints:see_phone"]
    assert client.submit(path, {"to": "resolved", "text": "", "version": "1"}).status_code == 422
    assert client.submit(path, {"to": "resolved", "text": "Đã thu hồi lô", "version": "1"}).status_code == 303
    page = client.get(path).text
    assert "Đã thu hồi lô" in page
    assert "Không có phản ánh nào" in client.get("/authority/complaints").text
    assert "Đau bụng" not in client.get("/authority/complaints?status=resolved").text
    assert complaint.batch.product.name in client.get("/authority/complaints?status=resolved").text


@pytest.mark.parametrize(
    "path",
    [
        "",
        "progress",
        "applications",
        "businesses",
        "certificates",
        "complaints",
        "register",
        "register/import",
        "audit",
        "exports/businesses.csv",
    ],
)
def test_nobody_else_comes_in(client: Client, session: Session, path: str) -> None:
    assert client.get(f"/authority/{path}").status_code == 302
    owner = factories.make_user(session)
    factories.make_business(session, owner=owner)
    client.sign_in(owner)
    assert client.get(f"/authority/{path}").status_code == 403


@pytest.mark.parametrize("path", ["businesses/9", "certificates/9", "complaints/9", "register/9", "register/entries/9"])
def test_what_is_not_there_is_not_found(client: Client, officer: Any, path: str) -> None:
    assert client.get(f"/authority/{path}").status_code == 404


def test_the_pages_speak_english(client: Client, officer: Any, session: Session) -> None:
    factories.make_register_list(session, ["A"])
    for path in ("", "progress", "applications", "businesses", "certificates", "complaints", "register", "audit"):
        assert client.get(f"/authority/{path}?lang=en").status_code == 200


def test_urgent_complaints_stand_first(client: Client, officer: Any, session: Session, complaint: Complaint) -> None:
    session.add(
        Complaint(
            tracking_number="PA-AAAA-AAAA",
            batch=complaint.batch,
            business_id=complaint.business_id,
            reason=ComplaintReason.EXPIRED,
            status=ComplaintStatus.RECEIVED,
            at=factories.NOW - timedelta(days=9),
        )
    )
    page = client.get("/authority/complaints").text
    assert page.index("Cần xem ngay") < page.index("đau bụng") < page.index("quá hạn sử dụng")
