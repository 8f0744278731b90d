"""What shoppers report, and what the department counts."""

from base64 import b64encode

from sqlalchemy.orm import Session

from tests.api.conftest import Machine
from tests.factories import make_batch, make_business, make_register_entry, make_register_list
from tests.uploads import picture
from trace.domain.batches import BatchStatus
from trace.services import snapshots
from trace.services.settling import settle
from trace.storage.businesses import Business

CODE = "7K3M9XW2Q1"
SHEET = 'Tên cơ sở,Mã số thuế,Địa chỉ\nHTX Rau,0100109106,"Phường Hoàn Kiếm, Hà Nội"\n'


def published(session: Session, business: Business) -> str:
    from trace.domain import public_code
    from trace.services.clock import now

    code = public_code.mint(b"12345678")
    make_batch(session, business, status=BatchStatus.PUBLISHED, public_code=code, published_at=now())
    return code


def test_a_complaint_from_report_to_end(
    anyone: Machine, machine: Machine, officer: Machine, session: Session, business: Business
) -> None:
    code = published(session, business)
    said = {"reason": "spoiled", "text": "Có mùi lạ", "phone": "0912345678", "photo": b64encode(picture()).decode()}
    reported = anyone("POST", f"/batches/{code}/complaints", said, idempotency_key="a")
    again = anyone("POST", f"/batches/{code}/complaints", said, idempotency_key="a")
    assert (reported.status_code, again.json) == (201, reported.json)
    number = reported.json["tracking_number"]
    [complaint] = machine("GET", f"/businesses/{business.id}/complaints?open_only=true").json["items"]
    assert "phone" not in complaint
    path = f"/complaints/{complaint['id']}"
    assert "phone" not in machine("GET", f"/businesses/{business.id}{path}").json
    assert machine("GET", path).status_code == 403
    assert officer("GET", path).json["phone"] == "+84912345678"
    machine("POST", f"/businesses/{business.id}{path}/answers", {"text": "Chúng tôi xin đổi."})
    ended = officer("POST", f"{path}/answers", {"text": "Đã kiểm tra.", "to": "resolved"})
    assert ended.json["status"] == "resolved"
    assert [one["id"] for one in officer("GET", "/complaints?status=resolved").json["items"]] == [complaint["id"]]
    followed = anyone("GET", f"/complaints/followed/{number}").json
    assert [one["by_officer"] for one in followed["updates"]] == [False, True]
    assert "text" not in followed
    assert not [one for one in followed["updates"] if "by_name" in one], "an officer's name is nobody's business here"


def test_a_wrong_code_names_the_nearest(anyone: Machine, session: Session, business: Business) -> None:
    code = published(session, business)
    slip = code[:3] + ("A" if code[3] != "A" else "B") + code[4:]
    answer = anyone("GET", f"/batches/{slip}")
    assert (answer.status_code, answer.mimetype) == (404, "application/problem+json")
    assert answer.json["nearest"] == [code]
    assert anyone("POST", f"/batches/{slip}/complaints", {"reason": "other"}).status_code == 404


def test_a_photo_without_a_label_is_told_so(anyone: Machine) -> None:
    answer = anyone("POST", "/label-readings", {"photo": b64encode(picture()).decode()})
    assert answer.status_code in {200, 422}
    assert answer.json.get("links", []) == []


def test_the_headline_number_comes_with_its_stages(officer: Machine, machine: Machine, session: Session) -> None:
    make_register_list(session, ["HTX A", "HTX B"])
    settle(session)
    coverage = officer("GET", "/coverage").json
    assert coverage["as_of"] == "2026-02-01"
    assert [one["name"] for one in coverage["stages"]][::6] == ["listed", "traceable"]
    assert coverage["stages"][-1] == {"name": "traceable", "numerator": 0, "denominator": 2}
    assert coverage["definition"]
    [row] = officer("GET", "/coverage/figures?by=commune").json["rows"]
    assert (row["value"], row["kilograms"], row["stages"][0]["numerator"]) == ("00070", None, 2)
    taken = snapshots.take(session)
    assert taken
    assert officer("GET", "/coverage/snapshots").json["items"][0]["hash"] == taken.hash
    day = taken.day.isoformat()
    assert officer("GET", f"/coverage/figures?day={day}").json["hash"] == taken.hash
    for asked in (f"stage=enrolled&day={day}", "progress=not_enrolled&commune=00070"):
        behind = officer("GET", f"/coverage/businesses?{asked}").json["items"]
        assert [one["name"] for one in behind] == ["HTX B", "HTX A"]
    assert officer("GET", "/coverage/businesses?day=2020-01-01").status_code == 404
    assert machine("GET", "/coverage").status_code == 403


def test_an_official_list_is_imported_looked_at_and_put_in_force(officer: Machine) -> None:
    facts = {"as_of": "2026-03-01", "source": "Sở", "file_name": "ds.csv", "file": b64encode(SHEET.encode()).decode()}
    draft = officer("POST", "/register/lists", facts)
    assert (draft.status_code, draft.json["entry_count"], draft.json["confirmed_at"]) == (201, 1, None)
    path = f"/register/lists/{draft.json['id']}"
    [entry] = officer("GET", f"{path}/entries?search=rau").json["items"]
    assert (entry["tax_code"], entry["match"]) == ("0100109106", "none")
    assert officer("POST", f"{path}/confirmation").json["confirmed_at"]
    assert officer("DELETE", path).status_code == 409
    assert [one["id"] for one in officer("GET", "/register/lists").json["items"]] == [draft.json["id"]]
    assert officer("GET", "/register/lists/999/entries").status_code == 404


def test_a_person_says_which_entry_is_which_business(officer: Machine, session: Session) -> None:
    listed = make_register_list(session, ["HTX A"])
    entry, business = make_register_entry(session, listed, name="HTX B"), make_business(session)
    confirmed = officer("POST", f"/register/entries/{entry.id}/match", {"business_id": business.id})
    assert (confirmed.json["match"], confirmed.json["business_id"]) == ("confirmed", business.id)
    assert officer("POST", f"/register/entries/{entry.id}/refusal").status_code == 409
