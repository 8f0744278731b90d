"""A machine of the department keeps plans and the register as a person would."""

import hashlib
from base64 import b64encode

from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.api.conftest import Machine
from tests.factories import make_business
from tests.uploads import picture
from trace.storage.plans import Plan

PLAN = {
    "number": "12/KH-UBND",
    "title": "Kế hoạch năm 2026",
    "issuer": "UBND thành phố Hà Nội",
    "starts_on": "2026-01-01",
    "ends_on": "2026-12-31",
    "source": "Công báo",
}


def test_a_plan_is_copied_followed_and_fed(officer: Machine, session: Session) -> None:
    earlier = session.scalars(select(Plan.id).where(Plan.number == "96/KH-UBND")).one()
    plan = officer("POST", "/plans", {**PLAN, "copied_from": earlier}).json["id"]
    activity = {
        "kind": "connection_event",
        "title": "Hội nghị kết nối",
        "held_on": "2026-02-01",
        "stands": 60,
        "files": [b64encode(picture()).decode()],
    }
    made = officer("POST", "/activities", activity)
    assert made.status_code == 201
    one = f"/activities/{made.json['id']}"
    business = make_business(session)
    assert officer("POST", f"{one}/participants", {"business_ids": [business.id]}).status_code == 204
    [taking_part] = officer("GET", f"{one}/participants").json["items"]
    assert taking_part["business_id"] == business.id
    assert officer("DELETE", f"{one}/participants/{taking_part['id']}").status_code == 204
    assert len(officer("GET", one).json["file_sha256s"]) == 1

    results = officer("GET", f"/plans/{plan}/results?period=2026-H1").json
    rows = {row["indicator"]["ref"]: row for row in results["items"]}
    assert (rows["PL 3 (1)"]["value"], rows["PL 3 (1)"]["progress"]) == ("1", 50)
    outside = rows["I.4.3"]["indicator"]
    figure = {"period": "2026-H1", "value": "41.5", "source": "Báo cáo 15/BC-BQL"}
    figures = f"/plan-indicators/{outside['id']}/figures"
    assert officer("POST", figures, figure).status_code == 201
    corrected = {**figure, "value": "43", "note": "Cộng sót", "seen": 1}
    assert officer("POST", figures, corrected).json["number"] == 2
    assert [each["value"] for each in officer("GET", f"/plans/{plan}/figures").json["items"]] == ["43", "41.5"]

    told = {name: outside[name] for name in outside if name not in ("id", "number")}
    anew = {**told, "target": "75", "reason": "Điều chỉnh", "seen": 1}
    assert officer("POST", f"/plans/{plan}/indicators", anew).json["number"] == 2
    assert officer("PUT", f"/plans/{plan}", {**PLAN, "note": "Thiếu phụ lục"}, if_match='"1"').status_code == 200


def test_an_activity_is_changed_and_withdrawn(officer: Machine) -> None:
    facts = {"kind": "leaflet", "title": "Tờ rơi", "held_on": "2026-02-01", "links": ["https://example.vn/a"]}
    assert officer("POST", "/activities", {**facts, "links": []}).json["errors"][0]["code"] == "evidence-required"
    one = f"/activities/{officer('POST', '/activities', facts).json['id']}"
    changed = officer("PUT", one, {**facts, "count": 5000, "reason": "Đếm lại"}, if_match='"1"')
    assert (changed.json["count"], changed.headers["ETag"]) == (5000, '"2"')
    assert officer("POST", f"{one}/withdrawal", {"reason": "Ghi hai lần"}).status_code == 200
    assert officer("GET", "/activities?kind=leaflet&period=2026").json["items"] == []


def test_a_report_is_drafted_saved_frozen_and_fetched(officer: Machine, session: Session) -> None:
    plan = session.scalars(select(Plan.id).where(Plan.number == "96/KH-UBND")).one()
    texts = {"parent_agency": "UBND", "agency": "Sở", "place": "Hà Nội", "signer_title": "Giám đốc"}
    one = f"/reports/{officer('POST', f'/plans/{plan}/reports', {**texts, 'period': '2020-H1'}).json['id']}"
    assert officer("PUT", one, {**texts, "proposals": "Hỗ trợ máy in"}, if_match='"1"').status_code == 200
    assert not officer("GET", f"{one}/content").json["figures"]["known"]
    frozen = officer("POST", f"{one}/freezing").json
    assert hashlib.sha256(officer("GET", f"{one}/content").data).hexdigest() == frozen["sha256"]
    assert officer("DELETE", one).json["code"] == "report-frozen"
    assert officer("GET", f"{one}/report.pdf").data.startswith(b"%PDF")
    draft = officer("POST", f"/plans/{plan}/reports", {**texts, "period": "2020"}).json["id"]
    assert officer("DELETE", f"/reports/{draft}").status_code == 204
    assert [each["id"] for each in officer("GET", "/reports?frozen=true").json["items"]] == [frozen["id"]]
