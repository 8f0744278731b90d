"""Profile, sites, products, certificates and members, by a machine of the business and one of the department."""

from base64 import b64encode

from sqlalchemy.orm import Session

from tests.api.conftest import Machine
from tests.factories import add_member, make_business, make_certificate, make_product, make_site, make_user
from tests.uploads import PAGE_CALLED_PHOTO, paper, picture
from trace.domain.businesses import BusinessStatus
from trace.domain.certificates import CertificateStatus
from trace.services.mail import Mail
from trace.storage.businesses import Business

PROFILE = {
    "kind": "cooperative",
    "legal_name": "HTX Rau Văn Đức",
    "tax_code": "0100109106",
    "phone": "0912 345 678",
    "commune_code": "00070",
}


def encoded(data: bytes) -> str:
    return b64encode(data).decode()


def test_a_business_keeps_its_profile(machine: Machine, business: Business) -> None:
    path = f"/businesses/{business.id}"
    etag = machine("GET", path).headers["ETag"]
    changed = machine("PUT", path, PROFILE, if_match=etag)
    assert (changed.status_code, changed.json["phone"]) == (200, "+84912345678")
    shown = machine("PUT", f"{path}/visibility", {"phone": True, "street": False}, if_match=changed.headers["ETag"])
    assert shown.json["visibility"] == {"phone": True, "street": False}
    pdf = paper()
    handed_in = {"documents": [{"name": "giay.pdf", "content": encoded(pdf)}]}
    kept = machine("POST", f"{path}/documents", handed_in).json["documents"]
    assert [one["name"] for one in kept] == ["giay.pdf"]
    file = kept[0]["file"]["sha256"]
    assert machine("GET", f"/files/{file}.pdf").data == pdf


def test_several_faults_come_at_once(machine: Machine, business: Business) -> None:
    path = f"/businesses/{business.id}"
    etag = machine("GET", path).headers["ETag"]
    wrong = {**PROFILE, "tax_code": "123", "phone": "1", "commune_code": "0"}
    answer = machine("PUT", path, wrong, if_match=etag)
    assert {one["field"] for one in answer.json["errors"]} == {"tax_code", "phone", "commune_code"}


def test_an_officer_finds_and_decides(officer: Machine, machine: Machine, session: Session, business: Business) -> None:
    waiting = make_business(session, legal_name="HTX Chờ Duyệt", status=BusinessStatus.APPLIED)
    found = officer("GET", "/businesses?status=applied&search=cho+duyet").json["items"]
    assert [one["id"] for one in found] == [waiting.id]
    approved = officer("POST", f"/businesses/{waiting.id}/decisions", {"decision": "approve"})
    assert approved.json["status"] == "approved"
    refused = officer("POST", f"/businesses/{waiting.id}/decisions", {"decision": "suspend"})
    assert (refused.status_code, refused.json["code"]) == (422, "reason-required")
    assert officer("POST", f"/businesses/{waiting.id}/decisions", {"decision": "apply"}).status_code == 422
    assert machine("POST", f"/businesses/{business.id}/decisions", {"decision": "approve"}).status_code == 403
    assert machine("POST", f"/businesses/{business.id}/application", {"decision": "withdraw"}).status_code == 200


def test_an_officers_look_at_a_dossier_is_written_down(officer: Machine, business: Business) -> None:
    assert officer("GET", f"/businesses/{business.id}").status_code == 200
    trail = officer("GET", f"/businesses/{business.id}/audit?topic=businesses").json["items"]
    assert trail[0]["action"] == "businesses:look"
    assert officer("GET", f"/audit?business_id={business.id}&person=sở").json["items"] != []


def test_a_product_and_its_photo(machine: Machine, anyone: Machine, business: Business) -> None:
    products = f"/businesses/{business.id}/products"
    facts = {"name": "Cải ngọt", "commodity": "vegetables", "gtin": "8930000000019", "pack_sizes": [500]}
    made = machine("POST", products, facts)
    assert (made.status_code, made.json["gtin"], "photo_sha256" in made.json) == (201, "08930000000019", False)
    path = f"{products}/{made.json['id']}"
    photo = {"photo": encoded(picture())}
    shown = machine("PUT", f"{path}/photo", photo, if_match=made.headers["ETag"])
    sha256 = shown.json["photo_sha256"]
    assert anyone("GET", f"/files/{sha256}-320.webp").mimetype == "image/webp"
    wrong = {"photo": encoded(PAGE_CALLED_PHOTO)}
    refused = machine("PUT", f"{path}/photo", wrong, if_match=shown.headers["ETag"])
    assert (refused.status_code, refused.json["errors"][0]["field"]) == (422, "photo")
    assert machine("PUT", f"{path}/photo", {"photo": "*"}, if_match=shown.headers["ETag"]).status_code == 422
    again = machine("PUT", path, {**facts, "gtin": None}, if_match=shown.headers["ETag"])
    assert again.json["gtin"] is None


def test_a_certificate_is_handed_in_and_judged(
    machine: Machine, officer: Machine, anyone: Machine, session: Session, business: Business
) -> None:
    site, product = make_site(session, business), make_product(session, business)
    path = f"/businesses/{business.id}/certificates"
    facts = {"scheme": "vietgap", "number": "VG-1", "issuer": "Trung tâm", "valid_from": "2026-01-01"}
    handed_in = {**facts, "site_ids": [site.id], "product_ids": [product.id], "file": encoded(paper())}
    made = machine("POST", path, handed_in)
    assert (made.status_code, made.json["site_ids"], made.json["product_ids"]) == (201, [site.id], [product.id])
    assert anyone("GET", f"/files/{made.json['file']['sha256']}.pdf").status_code == 404
    queue = officer("GET", "/certificates?status=submitted").json["items"]
    assert [one["id"] for one in queue] == [made.json["id"]]
    verdict = f"/certificates/{made.json['id']}/verdict"
    assert officer("POST", verdict, {"status": "refused"}).json["code"] == "reason-required"
    refused = officer("POST", verdict, {"status": "refused", "reason": "Ảnh mờ"})
    mended = machine("PUT", f"{path}/{made.json['id']}", facts, if_match=refused.headers["ETag"])
    assert mended.json["status"] == CertificateStatus.SUBMITTED
    assert officer("POST", verdict, {"status": "verified"}).json["status"] == CertificateStatus.VERIFIED
    assert officer("POST", verdict, {"status": "submitted"}).status_code == 422


def test_members_come_by_link_and_go(
    machine: Machine, session: Session, business: Business, mailbox: list[Mail]
) -> None:
    person = make_user(session)
    add_member(session, business, person)
    path = f"/businesses/{business.id}"
    link = machine("POST", f"{path}/invitations", {"role": "staff", "email": "a@example.com"})
    assert "/invitations/" in link.json["link"]
    assert [(mail.to, link.json["link"] in mail.text) for mail in mailbox] == [("a@example.com", True)]
    assert machine("DELETE", f"{path}/invitations/{link.json['id']}").status_code == 204
    assert person.email in {one["email"] for one in machine("GET", f"{path}/members").json["items"]}
    assert machine("DELETE", f"{path}/members/{person.id}").status_code == 204


def test_lists_of_a_business(machine: Machine, session: Session, business: Business) -> None:
    made = {
        "sites": make_site(session, business).id,
        "products": make_product(session, business).id,
        "certificates": make_certificate(session, business).id,
    }
    for topic, identifier in made.items():
        path = f"/businesses/{business.id}/{topic}"
        assert [one["id"] for one in machine("GET", path).json["items"]] == [identifier]
        assert machine("GET", f"{path}/{identifier}").headers["ETag"] == '"1"'


def test_addresses_are_found_by_anyone(anyone: Machine) -> None:
    found = anyone("GET", "/addresses?q=hoan+kiem").json["suggestions"]
    assert "Hoàn Kiếm" in found[0]["commune"]
    assert anyone("GET", "/addresses").status_code == 422
