"""Two taps to report, a number to follow it by, and nothing more than that number to see how it stands."""

import re
from typing import Any

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from tests import factories
from tests.client import Client
from tests.web.test_shopper_page import ENGLISH, PHONE
from trace.domain.batches import BatchStatus
from trace.storage.complaints import Complaint

CODE = "0000000000"


@pytest.fixture(autouse=True)
def _published(session: Session) -> None:
    business = factories.make_business(session)
    factories.make_batch(session, business, status=BatchStatus.PUBLISHED, public_code=CODE, published_at=factories.NOW)
    session.commit()


def report(client: Client, reason: str = "spoiled", **data: Any) -> Any:
    page = client.get(f"/q/{CODE}/report", headers=PHONE).text
    hidden = dict(re.findall(r'name="(csrf_token|tracking_number)" value="([^"]+)"', page))
    return client.post(f"/q/{CODE}/report", data={**hidden, "reason": reason, **data}, headers=PHONE)


def test_the_first_tap_shows_reasons_as_buttons_that_send(client: Client) -> None:
    page = client.get(f"/q/{CODE}", headers=PHONE).text
    assert f'href="/q/{CODE}/report"' in page
    assert '<button name="reason" value="spoiled">' in client.get(f"/q/{CODE}/report", headers=PHONE).text


def test_the_second_tap_gives_a_number_to_follow(client: Client, session: Session) -> None:
    sent = report(client)
    assert sent.status_code == 303
    page = client.get(sent.location, headers=PHONE)
    assert page.status_code == 200
    assert "Đã gửi, cảm ơn bạn" in page.text
    number = session.scalars(select(Complaint.tracking_number)).one()
    assert number in page.text


def test_a_second_press_sends_nothing_more(client: Client, session: Session) -> None:
    page = client.get(f"/q/{CODE}/report", headers=PHONE).text
    hidden = dict(re.findall(r'name="(csrf_token|tracking_number)" value="([^"]+)"', page))
    answers = [client.post(f"/q/{CODE}/report", data={**hidden, "reason": "other"}) for _ in range(2)]
    assert answers[0].location == answers[1].location
    assert session.scalar(select(func.count()).select_from(Complaint)) == 1


def test_whoever_may_be_ill_is_told_to_see_a_doctor(client: Client) -> None:
    page = client.get(report(client, "illness").location, headers=ENGLISH).text
    assert "see a doctor" in page or "cơ sở y tế" in page


def test_no_reason_shows_the_reasons_again(client: Client, session: Session) -> None:
    assert report(client, "nonsense").status_code == 422
    assert session.scalar(select(func.count()).select_from(Complaint)) == 0


def test_details_follow_and_the_phone_number_is_not_shown_again(client: Client, session: Session) -> None:
    location = report(client).location.partition("?")[0]
    sent = client.submit(location, {"text": "Mùi lạ", "phone": "0912345678"})
    assert sent.status_code == 303
    page = client.get(sent.location).text
    assert "912" not in page
    assert session.scalars(select(Complaint.phone)).one() == "+84912345678"


def test_a_wrong_phone_number_keeps_what_was_typed(client: Client) -> None:
    location = report(client).location.partition("?")[0]
    again = client.submit(location, {"text": "Mùi lạ <b>", "phone": "12"})
    assert again.status_code == 422
    assert "Mùi lạ &lt;b&gt;" in again.text
    assert 'value="12"' in again.text
    assert "Số điện thoại chưa đúng" in again.text


@pytest.mark.parametrize("number", ["PA-0000-0001", "x", "💚", "<b>"])
def test_an_unknown_number_is_kindly_refused(client: Client, number: str) -> None:
    response = client.get(f"/complaints/{number}")
    assert response.status_code == 404
    assert "Chưa tìm thấy phản ánh" in response.text
    assert "<b>" not in response.text


def test_the_number_can_be_typed(client: Client) -> None:
    assert client.get("/complaints?number=PA-1111-2222").location == "/complaints/PA-1111-2222"


def test_a_report_without_the_form_s_token_is_refused(client: Client) -> None:
    assert client.post(f"/q/{CODE}/report", data={"reason": "spoiled"}).status_code == 400


def test_a_code_that_leads_nowhere_has_nothing_to_report(client: Client) -> None:
    assert client.get("/q/1111111111/report").status_code == 404
