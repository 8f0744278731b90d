"""The page of one stamp: who scanned it before, what is wrong with it, and who hears of that."""

from datetime import UTC, datetime
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests import factories
from tests.client import Client, Clock
from tests.factories import STAMP_KEYS
from tests.farm import URL, Farm, make_farm
from tests.web.test_query_counts import queries_of
from trace.domain.stamp_verdicts import StampVerdict
from trace.domain.stamps import StampKeys
from trace.request.database import db
from trace.services import label_issues, stamp_ranges, stamps
from trace.services.label_issues import IssueOrder
from trace.storage.labels import LabelIssue
from trace.storage.notices import Notice
from trace.storage.stamps import StampScan, StampSignal

MORNING = datetime(2026, 3, 2, 3, 0, tzinfo=UTC)
BROWSER = "Mozilla/5.0 (Linux; Android 12; SM-A125F) AppleWebKit/537.36 Chrome/{} Mobile Safari/537.36"
FORGED = "518XXEF81855V702"


@pytest.fixture
def farm(session: Session, clock: Clock) -> Farm:
    clock.set(MORNING)
    return make_farm(session)


@pytest.fixture
def issue(farm: Farm) -> LabelIssue:
    """A hundred stamps of a packed batch."""
    batch = farm.published()
    farm.pack(batch)
    return label_issues.issue(
        farm.session, farm.owner, batch.id, IssueOrder(count=100), keys=STAMP_KEYS, public_url=URL
    )


def link(issue: LabelIssue, index: int = 0) -> str:
    code, key = issue.public_code or "", issue.key_id or ""
    return f"/q/{code}/{STAMP_KEYS.serials(key, code, issue.ordinal or 0, index, index + 1)[0]}"


def scan(client: Client, path: str, *, phone: int = 1, status: int = 200, **headers: str) -> Any:
    """As JSON: what the page says of the stamp."""
    asked = {"User-Agent": BROWSER.format(phone), "Accept": "application/json", **headers}
    response = client.get(path, headers=asked)
    assert response.status_code == status, response.text
    return response.get_json()["stamp"]


def read(client: Client, path: str, *, phone: int = 1, status: int = 200) -> str:
    response = client.get(path, headers={"User-Agent": BROWSER.format(phone), "Accept": "text/html"})
    assert response.status_code == status
    return response.text


def signals(session: Session) -> list[tuple[StampVerdict, int]]:
    session.rollback()
    return [(each.verdict, each.count) for each in session.scalars(select(StampSignal).order_by(StampSignal.id))]


def test_the_first_scan_says_when_and_a_later_one_how_often(client: Client, issue: LabelIssue, clock: Clock) -> None:
    page = read(client, link(issue))
    assert "Tem này được quét lần đầu" in page
    assert "10:00 02/03/2026" in page
    clock.advance(days=1)
    page = read(client, link(issue))
    assert "Tem này đã được quét trước đây" in page
    assert "Đến nay 2 lần quét, trong 2 ngày." in page


def test_what_is_wrong_with_a_stamp_is_read_before_all_that_is_right_with_its_batch(
    client: Client, issue: LabelIssue
) -> None:
    page = read(client, f"/q/{issue.public_code}/{FORGED}", status=404)
    assert page.count("Không có tem nào mang số này") == 1
    assert page.index("Không có tem nào mang số này") < page.index('<h1 id="verdict">')
    assert '<section class="verdict good"' not in page


def test_a_page_that_is_opened_again_is_no_second_scan(client: Client, issue: LabelIssue) -> None:
    for _ in range(3):
        assert scan(client, link(issue))["verdict"] == "first_scan"
    assert scan(client, link(issue))["looks"] == 1


def test_a_stamp_is_written_in_any_case_with_or_without_dashes(client: Client, issue: LabelIssue) -> None:
    _, _, code, serial = link(issue).split("/")
    dashed = "-".join(serial[place : place + 4] for place in range(0, 16, 4)).lower()
    for path in (f"/Q/{code}/{serial}", f"/q/{code.lower()}/{dashed}", f"/q/{code[:5]}-{code[5:]}/{serial.lower()}"):
        assert scan(client, path)["serial"] == serial
    assert client.get("/q", query_string={"code": f"http://x/q/{code}/{serial}"}).location == f"/q/{code}/{serial}"


def test_a_copied_stamp_raises_the_question_and_tells_both_sides_once_a_day(
    client: Client, session: Session, issue: LabelIssue
) -> None:
    officer = factories.make_officer(session)
    for phone in range(25):
        said = scan(client, link(issue), phone=phone)
    assert (said["verdict"], said["looks"]) == ("seen_too_often", 25)
    page = read(client, link(issue), phone=24)
    assert "có thể tem đã bị chép" in page
    assert "chưa chứng minh gói trên tay bạn là giả" in page
    assert signals(session) == [(StampVerdict.OFTEN, 25 - 18)]
    told = session.scalars(select(Notice).where(Notice.kind == "stamps-odd")).all()
    assert {each.user_id for each in told} == {officer.id, issue.made_by}
    assert len(told) == 2


@pytest.mark.parametrize("serial", [FORGED, "0" * 16])
def test_a_made_up_serial_is_refused_and_heard_of(
    client: Client, session: Session, issue: LabelIssue, serial: str
) -> None:
    page = read(client, f"/q/{issue.public_code}/{serial}", status=404)
    assert "Không có tem nào mang số này" in page
    assert "Cải ngọt" in page, "the batch is real"
    assert signals(session) == [(StampVerdict.NEVER_ISSUED, 1)]
    assert session.scalars(select(StampScan)).all() == []


def test_a_genuine_serial_beyond_its_issue_was_never_issued(
    client: Client, session: Session, issue: LabelIssue
) -> None:
    assert scan(client, link(issue, 100), status=404)["verdict"] == "never_issued"


def test_one_wrong_character_is_told_from_a_wrong_length(client: Client, session: Session, issue: LabelIssue) -> None:
    path = link(issue)
    changed = path[:-1] + ("0" if path[-1] != "0" else "1")
    assert scan(client, changed, status=404)["verdict"] == "never_issued"
    assert scan(client, path[:-1], status=404)["verdict"] == "mistyped"
    assert signals(session) == [(StampVerdict.NEVER_ISSUED, 1)], "a slip of the finger is no signal"


def test_a_voided_stamp_says_so(client: Client, session: Session, farm: Farm, issue: LabelIssue) -> None:
    stamp_ranges.void(session, farm.owner, issue.id, 0, 9, reason="Mất cuộn tem")
    page = read(client, link(issue))
    assert "Tem này đã bị hủy" in page
    assert "Mất cuộn tem" not in page
    assert scan(client, link(issue, 10))["verdict"] == "first_scan"
    assert signals(session) == [(StampVerdict.VOIDED, 1)]


def test_a_stamp_that_is_on_no_pack_yet_says_so_and_that_scan_counts_no_more_afterwards(
    client: Client, session: Session, farm: Farm, clock: Clock
) -> None:
    batch = farm.published()
    issue = label_issues.issue(session, farm.owner, batch.id, IssueOrder(count=10), keys=STAMP_KEYS, public_url=URL)
    assert scan(client, link(issue))["verdict"] == "not_activated"
    clock.advance(hours=1)
    stamp_ranges.activate(session, farm.owner, issue.id, 0, 9)
    clock.advance(hours=1)
    assert scan(client, link(issue), phone=2)["verdict"] == "first_scan"
    assert signals(session) == [(StampVerdict.INACTIVE, 1)]


def test_a_stamp_of_a_blank_roll_opens_a_page_that_says_so_until_it_is_bound(
    client: Client, session: Session, farm: Farm
) -> None:
    order = IssueOrder(count=100)
    roll = label_issues.issue_roll(session, farm.owner, farm.business.id, order, keys=STAMP_KEYS, public_url=URL)
    assert "Tem này chưa gắn với lô hàng nào" in read(client, link(roll))
    assert "cuộn tem in sẵn" in read(client, f"/q/{roll.public_code}", status=404)
    assert signals(session) == [(StampVerdict.UNBOUND, 1)]
    batch = farm.published()
    stamp_ranges.bind(session, farm.owner, roll.id, 0, 49, batch_id=batch.id)
    page = read(client, link(roll), phone=2)
    assert "Tem này được quét lần đầu" in page
    assert batch.lot in page
    unbound = read(client, link(roll, 50))
    assert "Tem này chưa gắn với lô hàng nào" in unbound
    assert batch.lot not in unbound


def test_colleagues_robots_and_previews_leave_no_trace(
    client: Client, session: Session, farm: Farm, issue: LabelIssue
) -> None:
    for robot in ("curl/8", "facebookexternalhit/1.1"):
        assert scan(client, link(issue), **{"User-Agent": robot})["verdict"] == "unscanned"
    holder = factories.make_user(session)
    for person in (session.get_one(factories.User, farm.owner.user_id), factories.make_officer(session)):
        client.sign_in(person)
        assert scan(client, link(issue))["verdict"] == "unscanned"
    client.sign_in(holder)
    assert scan(client, link(issue))["verdict"] == "first_scan", "a member of nothing is a shopper"


def test_a_shopper_may_say_where(client: Client, session: Session, issue: LabelIssue) -> None:
    path, browser = link(issue), {"User-Agent": BROWSER.format(1), "Accept": "text/html"}
    read(client, path)
    refused = client.submit(f"{path}/place", {"commune": "Làng không có"}, headers=browser)
    assert refused.status_code == 422
    assert client.submit(f"{path}/place", {"commune": "Phường Ba Đình"}, headers=browser).location.endswith(path)
    assert scan(client, path, phone=2)["communes"] == ["Phường Ba Đình, Hà Nội"]
    assert client.get(f"/q/{issue.public_code}/{FORGED}/place").status_code == 404


def test_a_gs1_link_with_a_serial_leads_to_the_stamp(client: Client, session: Session, farm: Farm) -> None:
    farm.product.gtin = "08936000000011"
    batch = farm.published(lot="LO-7")
    farm.pack(batch)
    issue = label_issues.issue(session, farm.owner, batch.id, IssueOrder(count=5), keys=STAMP_KEYS, public_url=URL)
    serial = link(issue).rsplit("/", 1)[1]
    for path in (f"/01/08936000000011/10/LO-7/21/{serial}", f"/01/08936000000011/21/{serial}"):
        assert scan(client, path)["verdict"] == "first_scan"
    assert scan(client, f"/01/08936000000011/10/LO-7/21/{FORGED}", status=404)["verdict"] == "never_issued"


def test_without_its_key_a_stamp_cannot_be_checked_and_the_service_is_not_ready(
    app: Flask, client: Client, session: Session, issue: LabelIssue, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert client.get("/readyz").status_code == 200
    monkeypatch.setitem(app.extensions, "trace.stamp_keys", StampKeys(["o" * 48]))
    assert "Hiện chưa kiểm tra được tem này" in read(client, link(issue))
    assert STAMP_KEYS.newest in client.get("/readyz").get_json()["reason"]
    assert signals(session) == []


def test_a_stamp_costs_the_same_few_questions_however_often_it_was_scanned(
    app: Flask, client: Client, issue: LabelIssue
) -> None:
    with app.app_context():
        engine = db.engine
    counts = []
    for phone in range(15):
        with queries_of(engine) as queries:
            read(client, link(issue), phone=phone)
        counts.append(len(queries))
    assert max(counts[1:]) == min(counts[1:]) <= 8


def test_a_made_up_serial_is_known_without_a_question(app: Flask, client: Client, issue: LabelIssue) -> None:
    with app.app_context(), queries_of(db.engine) as queries:
        assert stamps.find(db.session, STAMP_KEYS, issue.public_code or "", FORGED).row is None
    assert queries == []


def test_the_product_decides_what_is_ordinary(
    client: Client, session: Session, farm: Farm, issue: LabelIssue, clock: Clock
) -> None:
    farm.product.stamp_occasions = 1
    session.commit()
    assert scan(client, link(issue))["verdict"] == "first_scan"
    clock.advance(days=1)
    assert scan(client, link(issue))["verdict"] == "seen_too_often"
