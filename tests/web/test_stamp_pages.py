"""Stamps in the workspace: activated, voided and bound by number, by serial or from a photo; signals for both sides."""

from io import BytesIO
from typing import Any

import pytest
from sqlalchemy.orm import Session

from tests import factories
from tests.client import Client, Clock
from tests.factories import STAMP_KEYS
from tests.farm import MORNING, URL, Farm, make_farm
from trace.labels.symbols import qr_symbol, symbol_png
from trace.services import label_issues
from trace.services.label_issues import IssueOrder
from trace.storage.accounts import User
from trace.storage.labels import LabelIssue, ranges_of

ORDER = IssueOrder(count=100)


@pytest.fixture
def farm(session: Session, client: Client, clock: Clock) -> Farm:
    clock.set(MORNING)
    farm = make_farm(session)
    client.sign_in(session.get_one(User, farm.owner.user_id))
    return farm


@pytest.fixture
def issue(farm: Farm) -> LabelIssue:
    return label_issues.issue(farm.session, farm.owner, farm.published().id, ORDER, keys=STAMP_KEYS, public_url=URL)


@pytest.fixture
def roll(farm: Farm) -> LabelIssue:
    return label_issues.issue_roll(farm.session, farm.owner, farm.business.id, ORDER, keys=STAMP_KEYS, public_url=URL)


def page_of(issue: LabelIssue) -> str:
    return f"/workspace/{issue.business_id}/stamps/{issue.id}"


def serial(issue: LabelIssue, index: int) -> str:
    code = issue.public_code or ""
    return STAMP_KEYS.serials(STAMP_KEYS.newest, code, issue.ordinal or 0, index, index + 1)[0]


def send(client: Client, issue: LabelIssue, kind: str, **values: Any) -> Any:
    page = page_of(issue)
    named = {f"{kind}-{name}": value for name, value in values.items()}
    return client.submit(f"{page}/{kind}", named, form=page, content_type="multipart/form-data")


def stretches(session: Session, issue: LabelIssue) -> list[tuple[str, int, int]]:
    session.rollback()
    return [(each.kind.value, each.first, each.last) for each in session.scalars(ranges_of([issue.id]))]


def test_a_stretch_is_activated_by_number_or_by_the_printed_serial(
    client: Client, session: Session, issue: LabelIssue
) -> None:
    assert send(client, issue, "activated", first="1", last=serial(issue, 49)).status_code == 303
    assert stretches(session, issue) == [("activated", 0, 49)]
    page = client.get(page_of(issue)).text
    assert "Tem 1 đến 50" in page
    assert issue.key_id in page


def test_a_photo_of_a_stamp_stands_for_its_number(
    client: Client, session: Session, roll: LabelIssue, farm: Farm
) -> None:
    batch = farm.published()
    link = f"HTTPS://TRACE.TEST/Q/{roll.public_code}/{serial(roll, 9)}"
    photo = BytesIO(symbol_png(qr_symbol(link), dots_per_module=6))
    answer = send(client, roll, "bound", first_photo=(photo, "tem.png"), last="20", batch=str(batch.id))
    assert answer.status_code == 303
    assert stretches(session, roll) == [("bound", 9, 19)]
    assert batch.lot in client.get(page_of(roll)).text


def test_what_is_wrong_is_said_at_its_field(client: Client, session: Session, issue: LabelIssue) -> None:
    refused = send(client, issue, "voided", first="", last="101", reason="")
    assert refused.status_code == 422
    assert "Hãy nhập số tem, hoặc chụp tem." in refused.text
    refused = send(client, issue, "voided", first="1", last="101", reason="Rách")
    assert "Hãy quét lại, hoặc nhập số thứ tự từ 1 đến 100." in refused.text
    refused = send(client, issue, "voided", first="1", last="2", reason="")
    assert "Hãy ghi vì sao hủy tem" in refused.text
    mistyped = serial(issue, 0)
    mistyped = mistyped[:-1] + ("1" if mistyped[-1] == "0" else "0")
    refused = send(client, issue, "voided", first=mistyped, last="2", reason="Rách")
    assert "Không có tem này trong đợt in" in refused.text
    assert stretches(session, issue) == []


def test_voiding_twice_says_who_did_it(client: Client, session: Session, issue: LabelIssue, farm: Farm) -> None:
    send(client, issue, "voided", first="1", last="10", reason="Rách")
    refused = send(client, issue, "voided", first="10", last="11", reason="Rách")
    assert refused.status_code == 422
    assert f"đã bị {farm.owner.name} hủy lúc" in refused.text


def test_who_binds_a_stretch_that_is_bound_reads_by_whom_and_to_which_batch(
    client: Client, session: Session, roll: LabelIssue, farm: Farm
) -> None:
    batch = farm.published()
    asked = {"first": "1", "last": "20", "batch": str(batch.id)}
    assert send(client, roll, "bound", **asked).status_code == 303
    refused = send(client, roll, "bound", **asked | {"first": "20", "last": "30"})
    assert refused.status_code == 422
    assert f"từ số 1 đến số 20 đã được {farm.owner.name} gắn với lô {batch.lot}" in refused.text
    assert stretches(session, roll) == [("bound", 0, 19)]


def test_more_stamps_than_packs_are_asked_about_when_they_are_bound(
    client: Client, session: Session, roll: LabelIssue, farm: Farm
) -> None:
    batch = farm.published(amount=5_000)
    ends = {"first": "1", "last": "11", "batch": str(batch.id)}
    assert "bound-excess_reason" in send(client, roll, "bound", **ends).text
    assert send(client, roll, "bound", **ends, excess_reason="Gói nhỏ hơn").status_code == 303


def test_a_batch_s_stamps_are_not_bound_and_a_roll_s_not_activated(
    client: Client, issue: LabelIssue, roll: LabelIssue
) -> None:
    assert send(client, issue, "bound", first="1", last="2").status_code == 404
    assert send(client, roll, "activated", first="1", last="2").status_code == 404


def test_both_sides_read_what_was_odd(client: Client, session: Session, issue: LabelIssue, farm: Farm) -> None:
    client.delete_cookie("session")
    shopper = {"User-Agent": "Mozilla/5.0 (Linux; Android 12) Chrome/120 Mobile"}
    client.get(f"/q/{issue.public_code}/518XXEF81855V702", headers=shopper)
    client.sign_in(session.get_one(User, farm.owner.user_id))
    assert "Không có tem nào mang số này" in client.get(f"/workspace/{issue.business_id}/stamps").text
    client.sign_in(factories.make_officer(session))
    page = client.get("/authority/stamps").text
    assert "Không có tem nào mang số này" in page
    assert farm.business.legal_name in page
