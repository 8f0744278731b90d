"""Nobody overwrites what they have not read."""

import pytest
from sqlalchemy.orm import Session

from tests.api.conftest import Machine
from tests.factories import make_batch, make_product, make_site
from trace.storage.businesses import Business

SITE = {"kind": "store", "name": "Kho", "commune_code": "00070"}


def test_a_change_names_the_version_it_was_made_from(machine: Machine, business: Business) -> None:
    made = machine("POST", f"/businesses/{business.id}/sites", SITE)
    path = f"/businesses/{business.id}/sites/{made.json['id']}"
    assert machine("PUT", path, SITE).status_code == 428
    assert machine("PUT", path, {**SITE, "name": "Kho lạnh"}, if_match=made.headers["ETag"]).status_code == 200
    late = machine("PUT", path, {**SITE, "name": "Kho khô"}, if_match=made.headers["ETag"])
    assert (late.status_code, late.json["code"]) == (412, "precondition-failed")
    shown = machine("GET", path)
    assert shown.json["name"] == "Kho lạnh"
    assert machine("PUT", f"{path}/active", {"active": False}, if_match=shown.headers["ETag"]).json["active"] is False


@pytest.mark.parametrize("etag", ['"0"', 'W/"1"', "nonsense"])
def test_an_unknown_version_is_refused(machine: Machine, session: Session, business: Business, etag: str) -> None:
    draft = make_batch(session, business)
    path = f"/businesses/{business.id}/batches/{draft.id}"
    assert machine("DELETE", path).status_code == 428
    assert machine("DELETE", path, if_match=etag).status_code == 412
    assert machine("DELETE", path, if_match='"1"').status_code == 204
    assert machine("GET", path).status_code == 404


def test_every_change_asks_for_it(machine: Machine, session: Session, business: Business) -> None:
    site, product = make_site(session, business), make_product(session, business)
    for path, body in {
        "": {"kind": "household", "legal_name": "Hộ A", "phone": "0912345678", "commune_code": "00070"},
        "/visibility": {"phone": True, "street": False},
        f"/sites/{site.id}": SITE,
        f"/products/{product.id}": {"name": "Cải", "commodity": "vegetables"},
        f"/products/{product.id}/photo": {"photo": ""},
        f"/products/{product.id}/active": {"active": True},
    }.items():
        answer = machine("PUT", f"/businesses/{business.id}{path}", body)
        assert (path, answer.status_code) == (path, 428)
